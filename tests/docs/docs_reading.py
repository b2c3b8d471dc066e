"""Reading the Markdown pages: commands, files, edits and links in them."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
_STEP = re.compile(
    r"^```(?P<kind>sh|csv)\n(?P<block>.*?)^```"
    r"|^<!-- (?P<what>edit|cell): (?P<words>.+?) -->|^<!-- exit: (?P<exit>\d) -->",
    re.M | re.S,
)
_FILE = re.compile(r"`([\w.-]+\.csv)`")


@dataclass(frozen=True)
class Step:
    """Something the reader does: run a command, save a file, change a cell."""

    kind: str  # command, file, edit, cell (what stands there before)
    words: tuple[str, ...]
    code: int = 0  # exit code of a command
    text: str = ""  # content of a file


def steps(page: Path) -> list[Step]:
    """What a reader of the page does, in order."""
    text = page.read_text("utf-8")
    found: list[Step] = []
    for match in _STEP.finditer(text):
        if match["kind"] == "sh":
            found += [
                Step("command", tuple(shlex.split(line, comments=True)))
                for line in match["block"].splitlines()
            ]
        elif match["kind"] == "csv":
            name = _FILE.findall(text[: match.start()])[-1]
            found.append(Step("file", (name,), text=match["block"]))
        elif match["what"]:
            found.append(Step(match["what"], tuple(match["words"].split())))
        else:
            found[-1] = Step("command", found[-1].words, int(match["exit"]))
    return found


def _row(path: Path, row_id: str, column: str) -> tuple[list[list[str]], list[str], int]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    (row,) = [r for r in rows if r[rows[0].index("id")] == row_id]
    return rows, row, rows[0].index(column)


def cell(path: Path, row_id: str, column: str) -> str:
    """What stands in a cell of a CSV."""
    _, row, at = _row(path, row_id, column)
    return row[at]


def change_cell(path: Path, row_id: str, column: str, value: str) -> None:
    """As Excel would: one cell of a CSV, the rest as it was."""
    rows, row, at = _row(path, row_id, column)
    row[at] = value
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Targets inside the repository: (path, anchor), either may be empty."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


def anchors(page: Path) -> set[str]:
    """The headings of a page as anchors."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}
