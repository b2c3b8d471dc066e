"""Which places exist and which are blocked, on any day, from contracts and dated events.

Nobody's presence matters here; who sleeps where is `occupancy`. Delays are not drawn here either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vorort.ledger.book import Ledger, known_rows, within
from vorort.vocabulary import CapacityEvent, Unit

Group = tuple[str, str, str, str]  # domain, pool, per, for_
Interval = tuple[date, date]  # half-open
DECIDED = ("decided",)
# Why places are blocked; the first kinds take the places first where blocks overlap.
BLOCKS = ("closed", "repair", "turnaround", "reserve", "other")
_WORDS = {
    "closed": "closed",
    "geschlossen": "closed",
    "gesperrt": "closed",
    "repair": "repair",
    "reparatur": "repair",
    "sanierung": "repair",
    "schaden": "repair",
    "turnaround": "turnaround",
    "wechsel": "turnaround",
    "reinigung": "turnaround",
    "reserve": "reserve",
}
BLOCKING = ("block", "reserve")  # kinds of events that take places away
_LIFTS = {"unblock": "block", "release": "reserve"}
OPENINGS = ("open", "unblock", "release")


def group_of(unit: Unit) -> Group:
    """What a unit's places are counted together with."""
    return (unit.domain, unit.pool, unit.per, unit.for_)


def block_kind(event: CapacityEvent) -> str:
    """The kind of a block: first word of its reason (`repair: water`), else `other`."""
    if event.kind == "reserve":
        return "reserve"
    words = event.reason.replace(":", " ").replace(",", " ").split()
    return _WORDS.get(words[0].lower(), "other") if words else "other"


@dataclass(frozen=True, slots=True)
class Standing:
    """Places of a unit on a day: how many exist, and how many of these are blocked, by kind."""

    nominal: int
    blocked: Mapping[str, int]

    @property
    def open(self) -> int:
        """Places that exist and are not blocked."""
        return self.nominal - sum(self.blocked.values())


@dataclass(frozen=True, slots=True)
class Site:
    """A facility on a day. ``unnamed``: blocked places of which nobody said in which unit."""

    units: Mapping[str, Standing]
    unnamed: Mapping[Group, Mapping[str, int]]


class CapacityPlan:
    """Contracts and events of chosen statuses, as known at an instant.

    ``no_opening_after``: openings dated later are left out ("if we do nothing").
    """

    def __init__(
        self,
        ledger: Ledger,
        statuses: Iterable[str] = DECIDED,
        known_at: datetime | None = None,
        no_opening_after: date | None = None,
    ) -> None:
        self._ledger = ledger
        chosen = frozenset(statuses)
        self.events: defaultdict[str, list[CapacityEvent]] = defaultdict(list)
        self._first: dict[str, CapacityEvent] = {}  # target -> its first opening or closing
        for event in sorted(known_rows(ledger.capacity_events, known_at), key=_order):
            if event.kind in ("open", "close", "lease_end"):
                self._first.setdefault(event.target, event)
            late = no_opening_after is not None and event.date > no_opening_after
            if event.status in chosen and not (late and is_opening(event)):
                self.events[event.target].append(event)
        self._closed: dict[str, tuple[Interval, ...]] = {}

    def site(self, facility: str, day: date) -> Site:
        """What a facility offers on a day."""
        units = self._ledger.units_of.get(facility, ())
        site_events = self.events.get(facility, ())
        nominal = self._nominal(facility, units, day)
        whole = [e for e in site_events if e.kind in _LIFTS and e.places is None]
        standing = {}
        for unit in units:
            own = self.events.get(unit.id)
            events = sorted([*own, *whole], key=_order) if own and whole else own or ()
            standing[unit.id] = Standing(nominal[unit.id], _blocked(events, day, nominal[unit.id]))
        return Site(standing, _unnamed(site_events, units, standing, day))

    def boundaries(self, facility: str) -> set[date]:
        """Days on which something may change at a facility."""
        found = {d for d in _contract(self._ledger, facility) if d is not None}
        for target in (facility, *(u.id for u in self._ledger.units_of.get(facility, ()))):
            for event in self.events.get(target, ()):
                found.add(event.date)
                if event.until is not None:
                    found.add(event.until)
        return found

    def _nominal(self, facility: str, units: tuple[Unit, ...], day: date) -> dict[str, int]:
        if self._is_closed(facility, day):
            return {unit.id: 0 for unit in units}
        places = {unit.id: unit.places + self._steps(unit.id, day) for unit in units}
        change = self._steps(facility, day)
        if change > 0 and units:
            places[units[0].id] += change
        for unit in reversed(units):  # a loss nobody named a unit for: from the last unit up
            taken = min(max(0, -change), max(0, places[unit.id]))
            places[unit.id] -= taken
            change += taken
        return {u: 0 if self._is_closed(u, day) else max(0, n) for u, n in places.items()}

    def _steps(self, target: str, day: date) -> int:
        return sum(
            e.places or 0
            for e in self.events.get(target, ())
            if e.kind == "step" and within(e.date, e.until, day)
        )

    def _is_closed(self, target: str, day: date) -> bool:
        if target not in self._closed:
            self._closed[target] = self._closures(target)
        return any(start <= day < end for start, end in self._closed[target])

    def _closures(self, target: str) -> tuple[Interval, ...]:
        events = self.events.get(target, ())
        opened = sorted(e.date for e in events if e.kind == "open")

        def shut(start: date, until: date | None = None) -> Interval:
            """Closed from a day until its end or the next opening, whichever comes first."""
            again = next((d for d in opened if d >= start), date.max)
            return start, min(until or date.max, again)

        opens_on, lease_until = _contract(self._ledger, target)
        found = [shut(e.date, e.until) for e in events if e.kind in ("close", "lease_end")]
        found += [shut(e.until) for e in events if e.kind == "open" and e.until]
        if lease_until is not None:
            found.append(shut(lease_until))
        if opens_on is not None:
            found.append((date.min, min([opens_on, *opened])))
        elif self._begins_with_opening(target, lease_until):
            found.append((date.min, min(opened, default=date.max)))
        return tuple(found)

    def _begins_with_opening(self, target: str, lease_until: date | None) -> bool:
        """No date of opening is given, but the first event opens it, and no lease ended before."""
        first = self._first.get(target)
        if first is None or first.kind != "open":
            return False
        return lease_until is None or lease_until > first.date


def is_opening(event: CapacityEvent) -> bool:
    """Does the event give places?"""
    return event.kind in OPENINGS or (event.kind == "step" and (event.places or 0) > 0)


def _order(event: CapacityEvent) -> tuple[date, bool, str]:
    """By day; what lifts a block comes before what begins one on the same day."""
    return event.date, event.kind not in _LIFTS, event.id


def _contract(ledger: Ledger, target: str) -> tuple[date | None, date | None]:
    facility = ledger.facility.get(target)
    return (None, None) if facility is None else (facility.opens_on, facility.lease_until)


@dataclass(slots=True)
class _Block:
    event: CapacityEvent
    lifted: int = 0

    def amount(self, nominal: int) -> int:
        """Places blocked when a target has so many."""
        whole = nominal if self.event.places is None else self.event.places
        return max(0, whole - self.lifted)


def _active(events: Iterable[CapacityEvent], day: date) -> list[_Block]:
    """Blocks in force on a day, oldest first; events are sorted by day."""
    active: list[_Block] = []
    for event in events:
        if event.date > day:
            break
        if event.kind in BLOCKING:
            active.append(_Block(event))
        elif event.kind in _LIFTS:
            active = _lift(active, event)
    return [b for b in active if within(b.event.date, b.event.until, day)]


def _lift(active: list[_Block], lift: CapacityEvent) -> list[_Block]:
    if lift.places is None:
        return [b for b in active if b.event.kind != _LIFTS[lift.kind]]
    left = lift.places
    for block in active:
        if block.event.kind != _LIFTS[lift.kind] or not within(None, block.event.until, lift.date):
            continue
        if block.event.places is None:  # of all places, so many are given back
            block.lifted += left
            break
        taken = min(left, block.event.places - block.lifted)
        block.lifted += taken
        left -= taken
    return active


def _blocked(events: Iterable[CapacityEvent], day: date, nominal: int) -> dict[str, int]:
    """Blocked places by kind, together never more than there are."""
    blocks = _active(events, day)
    asked: defaultdict[str, int] = defaultdict(int)
    for block in blocks:
        asked[block_kind(block.event)] += block.amount(nominal)
    found = {}
    for kind in BLOCKS:
        taken = min(asked.get(kind, 0), nominal)
        if taken:
            found[kind] = taken
            nominal -= taken
    return found


def _unnamed(
    events: Iterable[CapacityEvent],
    units: tuple[Unit, ...],
    standing: Mapping[str, Standing],
    day: date,
) -> dict[Group, dict[str, int]]:
    """Blocks on a whole site, given to its groups of units in sorted order until used up."""
    if not any(e.kind in BLOCKING for e in events):
        return {}
    left = _blocked(events, day, sum(s.open for s in standing.values()))
    found: dict[Group, dict[str, int]] = {}
    for group in sorted({group_of(u) for u in units}):
        room = sum(standing[u.id].open for u in units if group_of(u) == group)
        for kind in BLOCKS:
            taken = min(left.get(kind, 0), room)
            if taken:
                found.setdefault(group, {})[kind] = taken
                left[kind] -= taken
                room -= taken
    return found
