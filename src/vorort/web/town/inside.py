"""What the page of a unit shows: who is in it, who was, who comes, and what waits to be done.

Names and numbers of households only as far as `sight` shows them; else the unit is "used".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from vorort.ledger import Ledger, UnitDay, bucket_of
from vorort.vocabulary import Placement
from vorort.web import bridge, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.placing.models import Stay
from vorort.web.tasks.models import Task
from vorort.web.totals.now import sites_now
from vorort.web.town import queries
from vorort.web.town.models import CapacityEvent, Site, Unit


@dataclass(frozen=True)
class Stayed:
    """People of one household in the unit in the same state from a day until a day."""

    household: str  # '' where this user does not see who
    people: int
    names: list[str]
    state: str
    start: date | None
    until: date | None
    kept_until: date | None


@dataclass(frozen=True)
class UnitPage:
    """A unit on a day."""

    state: UnitDay
    there: list[Stayed]
    coming: list[Stayed]
    past: list[Stayed]
    tasks: list[Task]
    events: list[CapacityEvent]
    acts: list[queries.Changed]


def unit_page(user: User, site: Site, unit: Unit, day: date, today: date) -> UnitPage:
    """Everything about a unit, as far as this user may know it."""
    from vorort.web.placing.sheets import names_of_people
    from vorort.web.tasks.queries import tasks_for

    ledger = bridge.of_stays(Stay.objects.filter(unit=unit))
    rows = ledger.current
    shown = sight.shown_households(
        user, (ledger.household_of(r.person, r.from_ or day) or "" for r in rows)
    )
    names = names_of_people(user, shown)
    there = [r for r in rows if bucket_of(r, day, today)]
    hidden = sight.hidden_households(user)
    coming = [
        r for r in rows
        if r not in there and r.status in ("held", "confirmed") and r.from_ and r.from_ > day
        and ledger.household_of(r.person, r.from_) not in hidden
    ]  # fmt: skip
    past = [
        r for r in rows
        if r.status in ("ended", "absent", "moved_in") and r.until and r.until <= day
        and ledger.household_of(r.person, r.from_ or day) in shown
    ]  # fmt: skip
    events = list(CapacityEvent.objects.filter(target__in=(unit.key, site.key)).order_by("-date"))
    sees_tasks = rights.may(user, rights.TASKS)

    def together(found: list[Placement]) -> list[Stayed]:
        return _together(ledger, found, shown, names, day, today)

    return UnitPage(
        sites_now([site.pk], day)[0].on(day, today)[unit.key],
        together(there), together(coming), together(past),
        list(tasks_for(user).filter(unit=unit).select_related("office").order_by("due", "id"))
        if sees_tasks else [],
        events, queries.changed([], [unit], [e for e in events if e.target == unit.key]),
    )  # fmt: skip


def _together(
    ledger: Ledger, rows: Any, shown: frozenset[str], names: dict[str, str], day: date, today: date
) -> list[Stayed]:
    groups: defaultdict[tuple[Any, ...], list[Placement]] = defaultdict(list)
    for r in rows:
        who = ledger.household_of(r.person, r.from_ or day) or ""
        if who not in shown:  # neither who nor since when
            groups["", "", None, None, None].append(r)
            continue
        state = bucket_of(r, day, today) or r.status
        groups[who, state, r.from_, r.until, r.kept_until].append(r)
    found = [
        Stayed(who, len(people), sorted(names[p.person] for p in people if p.person in names),
               state, start, until, kept)
        for (who, state, start, until, kept), people in groups.items()
    ]  # fmt: skip
    return sorted(found, key=lambda s: (s.start or date.min, s.household), reverse=True)
