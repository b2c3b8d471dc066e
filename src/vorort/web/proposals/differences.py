"""Two runs side by side for one reader: what went in, what came out. German: Vergleich zweier Läufe

Whoever this reader may not see is in no list; how many there are is said, as on the other pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vorort.placement import CLASSES, Moved, Plan
from vorort.placement.altered import CHANGED, Altered, altered
from vorort.placement.compare import Cause, Difference, SeatMoved, compared
from vorort.vocabulary import Text
from vorort.web.accounts import rights
from vorort.web.proposals import runs, tonight
from vorort.web.proposals.models import Run
from vorort.web.proposals.week import shown_for

LINES = 30  # of one part of the input; the rest is counted


@dataclass(frozen=True)
class Change:
    """A household with another proposal."""

    moved: Moved
    cause: Cause
    why: Text


@dataclass(frozen=True)
class Altering:
    """A part of the input with what differs in it. ``more``: lines left off, or not shown."""

    text: Text
    lines: list[Altered]
    more: int


@dataclass(frozen=True)
class Figure:
    """One line of the table of both."""

    text: Text
    first: int
    second: int

    @property
    def change(self) -> int:
        """What the second has more."""
        return self.second - self.first


@dataclass(frozen=True)
class Differences:
    """Everything on the page."""

    first: Run
    second: Run
    is_same_input: bool
    is_comparable: bool  # the same rules and weights: values mean the same
    gain: int  # thousandths of a point
    inputs: list[Altering]
    changes: list[Change]
    hidden: int
    seats: list[SeatMoved]
    figures: list[Figure]


def differences(user: object, first: Run, second: Run) -> Differences:
    """The second run against the first."""
    old, new = (runs.plan_of(run) for run in (first, second))
    shown = shown_for(user)
    found = compared(old, new)
    lines = altered(old.problem, new.problem)
    changes = [
        Change(d.moved, d.cause, _masked(user, new, d))
        for d in found.differences
        if d.moved.household in shown
    ]
    return Differences(
        first, second, found.is_same_input, old.problem.rulebook == new.problem.rulebook,
        found.gain.points, list(_parts(user, shown, lines)), changes,
        len(found.differences) - len(changes),
        [s for s in found.seats if s.household in shown], list(_figures(old, new, shown)),
    )  # fmt: skip


def _masked(user: object, plan: Plan, one: Difference) -> Text:
    """An exclusion would tell where a protected household lives."""
    is_told = one.rule == "exclusions"
    hides = is_told and tonight.is_masked(user, plan.problem, one.moved.household)
    return tonight.OCCUPIED if hides else one.why


def _parts(user: object, shown: frozenset[str], lines: Iterable[Altered]) -> Iterable[Altering]:
    """By part, without what this reader may not see."""
    found: dict[str, list[Altered]] = {}
    hidden = tonight.hidden_units(user)
    sees_needs = rights.may(user, rights.NEEDS)  # type: ignore[arg-type]
    for line in lines:
        is_seen = set(line.households) <= shown and not set(line.units) & hidden
        if is_seen and (line.part != "exclusions" or sees_needs):
            found.setdefault(line.part, []).append(line)
    for part, mine in found.items():
        yield Altering(CHANGED[part], mine[:LINES], max(0, len(mine) - LINES))


def _figures(old: Plan, new: Plan, shown: frozenset[str]) -> Iterable[Figure]:
    """Counted over those this reader sees."""
    counts = []
    for plan in (old, new):
        mine = {k: one for k, one in plan.of.items() if k in shown}
        people = {c: 0 for c in CLASSES}
        for key, one in mine.items():
            party = plan.problem.party[key]
            people[party.urgency] += party.size if one.home else 0
        seats = [s for s in plan.seats if s.party in shown]
        counts.append([
            len(mine), sum(one.home is not None for one in mine.values()),
            *people.values(), len(seats), sum(s.unit is not None for s in seats),
        ])  # fmt: skip
    for text, first, second in zip(ROWS, *counts, strict=True):
        yield Figure(text, first, second)


ROWS = (
    Text("Haushalte, die eine Wohnung suchen", "households that seek a home"),
    Text("davon mit Vorschlag", "of these with a proposal"),
    Text("Personen mit Vorschlag: Schutz", "people with a proposal: protection"),
    Text("Personen mit Vorschlag: gesetzliche Frist", "people with a proposal: legal deadline"),
    Text("Personen mit Vorschlag: übrige", "people with a proposal: others"),
    Text("gesuchte Plätze (Kita, Schule, Kurs)", "seats sought (Kita, school, course)"),
    Text("davon vorgeschlagen", "of these proposed"),
)
