"""Rows of lists read in and not applied that name somebody who is deleted. German: eingelesen

Such a row hangs on nobody: it is found by the sound of its names, as a duplicate would be. A
namesake's row goes as well; the file can be read in again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from vorort.ledger.names import sounds
from vorort.web.intake.models import Name, Person
from vorort.web.lists import runs
from vorort.web.lists.models import Batch, Line
from vorort.web.retention.periods import EMPTY


def forget_rows(people: Iterable[Person]) -> int:
    """Delete the rows that name one of these; how many. A file named after one loses its name."""
    everybody = list(people)
    written = Name.objects.filter(person__in=everybody).values_list("family", "given")
    names = [(set(sounds(family)), set(sounds(given))) for family, given in written]
    days = {p.born for p in everybody if p.born and len(p.born) == 10}
    days |= {".".join(reversed(d.split("-"))) for d in days}
    gone = [
        line for line, cells in Line.objects.exclude(cells=EMPTY).values_list("pk", "cells")
        if _names_one([str(c) for c in json.loads(cells)], names, days)
    ]  # fmt: skip
    for start in range(0, len(gone), 500):
        runs.forget(gone[start : start + 500])
        Line.objects.filter(pk__in=gone[start : start + 500]).delete()
    parts = [part for name in names for part in name if part]
    for batch in Batch.objects.exclude(name="-"):
        heard = set(sounds(batch.name))
        if any(part <= heard for part in parts):
            batch.name = "-"
            batch.save()
    return len(gone)


def _names_one(cells: list[str], names: list[tuple[set[str], set[str]]], days: set[str]) -> bool:
    """The whole name, or one half of it and the day of birth."""
    heard, is_day = set(sounds(*cells)), any(c.strip() in days for c in cells)
    return any(
        (family | given) <= heard or (is_day and any(p and p <= heard for p in (family, given)))
        for family, given in names
        if family | given
    )
