"""Who writes when, and how a version is added. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from vorort.ledger.book import Ledger
from vorort.problems import Problem, Refused
from vorort.vocabulary import Placement, Text


@dataclass(frozen=True, slots=True)
class Entry:
    """An act's time (UTC instant), the acting office and its calendar day. German: Eintrag"""

    at: datetime
    office: str
    today: date


def refusal(reason: Text, remedy: Text, column: str = "") -> Problem:
    """A reason not to save."""
    return Problem("", reason.de, reason.en, remedy.de, remedy.en, column=column)


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise every complaint together."""
    found = list(dict.fromkeys(problems))
    if found:
        raise Refused(found)


def fresh_id(ledger: Ledger, base: str, taken: Iterable[str] = ()) -> str:
    """An id nobody has used: ``base`` and a running number."""
    taken = set(taken)
    n = 1
    while (found := f"{base}~{n}") in ledger.placement or found in taken:
        n += 1
    return found


def version(ledger: Ledger, row: Placement, entry: Entry, **changes: Any) -> Placement:
    """The version that takes the place of a row."""
    name = fresh_id(ledger, row.id.split("~")[0])
    return replace(row, id=name, replaces=row.id, recorded_at=entry.at, **changes)


def beside(
    ledger: Ledger, row: Placement, taken: Placement, entry: Entry, **changes: Any
) -> Placement:
    """A further row like ``row`` that replaces nothing; ``taken`` is a new row saved with it."""
    name = fresh_id(ledger, row.id.split("~")[0], (taken.id,))
    return replace(row, id=name, replaces=None, recorded_at=entry.at, **changes)


def saved(ledger: Ledger, rows: Iterable[Placement]) -> Ledger:
    """The ledger with further versions; one whose id is taken, also by another of them, gets a
    number of its own."""
    taken: set[str] = set()
    found = []
    for row in rows:
        if row.id in ledger.placement or row.id in taken:
            row = replace(row, id=fresh_id(ledger, row.id.split("~")[0], taken))
        taken.add(row.id)
        found.append(row)
    return replace(ledger, placements=(*ledger.placements, *found))


def in_force(ledger: Ledger, ids: Iterable[str], entry: Entry, *statuses: str) -> list[Placement]:
    """The current rows with these ids, which must be in one of the statuses; raises Refused."""
    current = {row.id: row for row in ledger.current}
    problems, found = [], []
    for name in ids:
        row = current.get(name)
        if row is None:
            is_old = name in ledger.placement
            problems.append(
                refusal(
                    Text(
                        f"Belegung {name} "
                        + ("wurde inzwischen geändert." if is_old else "gibt es nicht."),
                        f"Placement {name} "
                        + ("has been changed since." if is_old else "does not exist."),
                    ),
                    Text("Den neuen Stand ansehen.", "Look at the current state."),
                )
            )
        elif row.status not in statuses:
            problems.append(
                refusal(
                    Text(
                        f"Belegung {name} hat den Status {row.status}.",
                        f"Placement {name} has the status {row.status}.",
                    ),
                    Text(
                        f"Möglich ist das bei: {', '.join(statuses)}.",
                        f"This is possible for: {', '.join(statuses)}.",
                    ),
                )
            )
        elif row.recorded_at is not None and entry.at < row.recorded_at:
            problems.append(
                refusal(
                    Text(
                        f"Belegung {name} wurde erst nach {entry.at:%Y-%m-%dT%H:%MZ} erfasst.",
                        f"Placement {name} was recorded after {entry.at:%Y-%m-%dT%H:%MZ}.",
                    ),
                    Text("Uhrzeit des Rechners prüfen.", "Check the computer's clock."),
                )
            )
        else:
            found.append(row)
    refuse_if(problems)
    return found
