"""Published vacancy and shortage that cannot be scored: told beside the cases, never counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from vorort.problems import Problem, Refused

FILE = "context.yaml"
NEEDED = ("id", "name", "statement", "source", "not_scored")


def read_context(root: Path | str) -> list[dict[str, Any]]:
    """Context cases of a folder of cases: ``{id, kind, name, statement, source,
    not_scored}``; texts in German and English.

    Empty where there is no ``context.yaml``. Raises ``Refused`` where an entry lacks a key.
    """
    path = Path(root) / FILE
    if not path.exists():
        return []
    entries = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("context") or []
    problems = [
        Problem(
            FILE,
            f"Eintrag {at}: „{key}“ fehlt.",
            f"Entry {at}: “{key}” is missing.",
            "Bitte ergänzen.",
            "Add it.",
        )
        for at, entry in enumerate(entries, start=1)
        for key in NEEDED
        if not entry.get(key)
    ]
    if problems:
        raise Refused(problems)
    return [dict(entry) for entry in entries]
