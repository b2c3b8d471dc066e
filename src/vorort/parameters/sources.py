"""The source of a value: cited, graded, dated; an estimate says its range and its reason."""

from __future__ import annotations

import re
from typing import Any, cast

from vorort.parameters.complaints import Complaints, Path_
from vorort.vocabulary import GRADES, Grade, Source, Text

SOURCE_KEYS = ("cite", "url", "published", "grade", "unverified")
_MONTH = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")


def read_source(found: Any, path: Path_, complaints: Complaints) -> Source | None:
    """The ``source:`` block of a value; None after a complaint."""
    if found is None:
        complaints.missing(
            path,
            "source",
            Text(
                "Kein Wert ohne Fundstelle: cite und grade angeben.",
                "No value without a source: give cite and grade.",
            ),
        )
        return None
    block = complaints.mapping(found, path, SOURCE_KEYS)
    cite, url = block.get("cite"), block.get("url", "")
    if not isinstance(cite, str) or not cite.strip():
        complaints.missing(
            (*path, "cite"), "cite", Text("Die Fundstelle nennen.", "Name the source.")
        )
    if not isinstance(url or "", str):
        complaints.missing(
            (*path, "url"), "url", Text("Eine Adresse als Text.", "An address as text.")
        )
    grade = block.get("grade")
    if grade is None:
        complaints.missing(
            path, "grade", Text(f"Eine von: {', '.join(GRADES)}.", f"One of: {', '.join(GRADES)}.")
        )
    elif grade not in GRADES:
        complaints.unknown_key((*path, "grade"), str(grade), GRADES)
    published = _published(block.get("published"), (*path, "published"), complaints)
    unverified = block.get("unverified", False) is True
    if grade not in GRADES or not isinstance(cite, str):
        return None
    return Source(cite, cast(Grade, grade), str(url or ""), published, unverified)


def _published(found: Any, path: Path_, complaints: Complaints) -> str | None:
    if found is None:
        return None
    text = str(found)
    if isinstance(found, bool) or not _MONTH.fullmatch(text):
        complaints.add(
            path,
            Text(
                f"„{found}“ ist kein Monat der Veröffentlichung.",
                f"“{found}” is no month of publication.",
            ),
            Text(
                "JJJJ-MM oder JJJJ schreiben; leer lassen, wenn unbekannt.",
                "Write YYYY-MM or YYYY; leave it out where unknown.",
            ),
        )
        return None
    return text


def check_grade(source: Source, block: Any, path: Path_, complaints: Complaints) -> None:
    """Grade, range and reason must fit each other."""
    is_own = source.cite.strip().lower() == "project estimate"
    if is_own and source.grade != "estimate":
        complaints.add(
            (*path, "source", "grade"),
            Text(
                "Eine eigene Schätzung hat den Grad estimate.",
                "A project estimate has grade estimate.",
            ),
            Text("grade: estimate schreiben.", "Write grade: estimate."),
        )
    if source.grade != "estimate" or block.get("value") == "unknown":
        return
    for key, de, en in (
        ("range", "eine Spanne", "a range"),
        ("reason", "eine Begründung", "a reason"),
    ):
        if not block.get(key):
            complaints.missing(
                path, key, Text(f"Eine Schätzung braucht {de}.", f"An estimate needs {en}.")
            )
