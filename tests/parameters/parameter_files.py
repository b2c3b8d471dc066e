"""Small folders of parameters for tests."""

from __future__ import annotations

from pathlib import Path

CITE = "{cite: 'a page [S34]', published: 2020-05, grade: statistics}"
ESTIMATE = "{cite: project estimate, grade: estimate}"


def declared(*values: str, name: str = "childcare.uptake", head: str = "") -> str:
    """A parameters.yaml with one parameter; each value is a line in flow style."""
    lines = [
        "parameters:",
        f"  {name}:",
        "    name: {de: Inanspruchnahme, en: Uptake}",
        "    unit: {de: Anteil, en: share}",
        "    minimum: 0",
        "    maximum: 1",
        *([f"    {head}"] if head else []),
        "    values:",
        *(f"      - {v}" for v in values),
    ]
    return "\n".join(lines) + "\n"


def good(value: object = 0.5, since: str = "2020-01-01", more: str = "", source: str = CITE) -> str:
    """One value in flow style."""
    return f"{{from: {since}, value: {value}, {more} source: {source}}}"


def folder(root: Path, name: str, text: str, file: str = "parameters.yaml") -> Path:
    """A folder with one file."""
    place = root / name
    place.mkdir(parents=True, exist_ok=True)
    (place / file).write_text(text, encoding="utf-8")
    return place


def sets(values: dict[str, list[str]]) -> str:
    """A values.yaml."""
    lines = ["values:"]
    for name, dated in values.items():
        lines += [f"  {name}:", *(f"    - {v}" for v in dated)]
    return "\n".join(lines) + "\n"
