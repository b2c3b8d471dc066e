"""What is free for a household: never a bare number of beds. German: frei für ..."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from vorort.ledger.book import BEDS, Ledger
from vorort.ledger.capacity import CapacityPlan
from vorort.ledger.occupancy import UnitDay, bucket_of, occupancy, site_days, turning_days
from vorort.vocabulary import Sex, Text, Unit


@dataclass(frozen=True, slots=True)
class Offer:
    """Units that would hold a household together on a day, and why. German: Angebot"""

    units: tuple[str, ...]
    places: int  # free places in them
    left_over: int  # places that nobody else could then use
    why: Text


def free_for(
    ledger: Ledger,
    day: date,
    size: int,
    sex: Sex | None = None,
    access: bool | None = None,
    domain: str = BEDS,
    *,
    features: Set[str] = frozenset(),
    days: Mapping[str, UnitDay] | None = None,
    among: Iterable[Unit] | None = None,
) -> list[Offer]:
    """Every unit or pair of adjoining units free for a household of ``size``, best fit first.

    ``sex`` is that of a single person, or of a party all of one sex; None = mixed or unknown,
    which fits no room kept for one sex. ``access`` True asks for units known to be step-free,
    ``features`` for units that have them all. ``days``: the units on that day, where known;
    ``among``: only these units.
    """
    days = occupancy(ledger, day).units if days is None else days
    units = [
        u
        for u in (ledger.units if among is None else among)
        if u.domain == domain
        and u.per == "place"
        and u.id in days
        and days[u.id].free
        and (not access or u.access)
        and features <= _has(u)
    ]
    found = [
        offer
        for u in units
        if days[u.id].free >= size and (offer := _single(ledger, u, days[u.id], day, size, sex))
    ]
    found += _pairs(units, days, size)
    return sorted(found, key=lambda o: (o.left_over, len(o.units), o.units))


def _has(unit: Unit) -> frozenset[str]:
    """What a unit offers; the ground floor is one also where only the floor says so."""
    ground = {"ground_floor"} if unit.floor.strip().lower() in ("0", "eg") else set()
    return frozenset({*unit.features, *ground})


# why a unit does not take a household, in the order in which it is asked
WHY_NOT = {
    "shut": Text("geschlossen oder noch nicht offen", "closed or not open yet"),
    "blocked": Text("gesperrt oder Reserve", "blocked or in reserve"),
    "full": Text("belegt oder vorgemerkt", "used or held"),
    "small": Text("zu wenige Plätze zusammen", "too few places together"),
    "sex": Text("passt nicht zur Regel nach Geschlecht", "does not fit the sex rule"),
    "access": Text("nicht als stufenlos verzeichnet", "not recorded as step-free"),
    "features": Text("erfüllt einen verzeichneten Bedarf nicht", "does not meet a recorded need"),
}


def why_not(
    ledger: Ledger,
    day: date,
    size: int,
    sex: Sex | None = None,
    access: bool | None = None,
    domain: str = BEDS,
    *,
    features: Set[str] = frozenset(),
    days: Mapping[str, UnitDay] | None = None,
) -> dict[str, list[str]]:
    """Every other unit by the first reason against it (`WHY_NOT`)."""
    days = occupancy(ledger, day).units if days is None else days
    taken = {u for o in free_for(ledger, day, size, sex, access, domain, features=features,
                                 days=days) for u in o.units}  # fmt: skip
    found: dict[str, list[str]] = {}
    for unit in ledger.units:
        if unit.domain != domain or unit.per != "place" or unit.id not in days:
            continue
        if unit.id not in taken:
            reason = _against(ledger, unit, days[unit.id], day, size, sex, access, features)
            found.setdefault(reason, []).append(unit.id)
    return {name: found[name] for name in WHY_NOT if name in found}


def _against(
    ledger: Ledger,
    unit: Unit,
    state: UnitDay,
    day: date,
    size: int,
    sex: Sex | None,
    access: bool | None,
    features: Set[str],
) -> str:
    if not state.nominal:
        return "shut"
    if not state.free:
        return "full" if state.used else "blocked"
    if access and not unit.access:
        return "access"
    if not features <= _has(unit):
        return "features"
    if state.free < size:
        return "small"
    return "sex" if _single(ledger, unit, state, day, size, sex) is None else "small"


def free_until(
    ledger: Ledger, units: Sequence[str], day: date, size: int, today: date | None = None
) -> date | None:
    """The first later day on which these units no longer hold ``size`` more people; None = no such
    day is known. What is held (on ``today``) or confirmed for others already ends it."""
    plan = CapacityPlan(ledger)
    sites = {ledger.unit[u].facility for u in units}
    turns = sorted({d for s in sites for d in turning_days(ledger, plan, s, day, date.max)})

    def states(turn: date) -> Mapping[str, UnitDay]:
        parts = (site_days(ledger, plan, ledger.rows_in, s, turn, today) for s in sites)
        return {u: state for part in parts for u, state in part.items()}

    return first_full(units, day, size, turns, states)


def first_full(
    units: Sequence[str], day: date, size: int, turns: Iterable[date],
    states: Callable[[date], Mapping[str, UnitDay]],
) -> date | None:  # fmt: skip
    """`free_until` where the days on which a figure may change, and the units then, are known."""
    for turn in turns:
        if turn > day:
            there = states(turn)
            if sum(there[u].free for u in units if u in there) < size:
                return turn
    return None


def _single(
    ledger: Ledger, unit: Unit, state: UnitDay, day: date, size: int, sex: Sex | None
) -> Offer | None:
    left = state.free - size
    if unit.kind == "family":
        text = Text(f"leere Einheit, {left} bleiben ungenutzt", f"empty unit, {left} stay unused")
        return Offer((unit.id,), state.free, left, text)
    rule = sexes_allowed(ledger, unit, day)
    if rule is not None and (sex not in ("f", "m") or sex not in rule):
        return None
    text = Text(f"Gemeinschaftseinheit, {state.free} frei", f"shared unit, {state.free} free")
    return Offer((unit.id,), state.free, 0, text)


def may_join(unit: Unit, sex: Sex | None, there: Set[Sex | None]) -> bool:
    """May somebody of a sex sleep in a unit with those there? The one place of the sex rule.

    Shared rooms are of one sex unless declared otherwise; who is there first decides. Unknown or
    diverse fits an empty room only, and then nobody joins: anything else is a human decision.
    """
    if unit.domain != BEDS or unit.kind == "family" or unit.sex == "any":
        return True
    if unit.sex not in ("f", "m") and not there:
        return True
    fits = sex == unit.sex if unit.sex in ("f", "m") else sex in ("f", "m")
    return fits and there <= {sex}


def sexes_allowed(ledger: Ledger, unit: Unit, day: date) -> frozenset[str] | None:
    """Sexes that may join a shared unit on a day; None = any. German: Belegung nach Geschlecht

    Rooms are of one sex unless declared otherwise; who is there first decides. Somebody there
    whose sex is not known, or is diverse, leaves the room to a human decision: empty set.
    """
    if unit.domain != BEDS or unit.kind == "family" or unit.sex == "any":
        return None
    if unit.sex in ("f", "m"):
        return frozenset((unit.sex,))
    there = {
        ledger.person[r.person].sex for r in ledger.rows_in.get(unit.id, ()) if bucket_of(r, day)
    }
    if not there:
        return frozenset(("f", "m"))
    return frozenset(s for s in there if s in ("f", "m")) if len(there) == 1 else frozenset()


def _pairs(units: list[Unit], days: Mapping[str, UnitDay], size: int) -> Iterator[Offer]:
    """Two adjoining empty family units where neither alone is large enough."""
    by_id = {u.id: u for u in units if u.kind == "family"}
    for unit in by_id.values():
        for other in unit.adjoins:
            if other in by_id and unit.id < other:
                places = (days[unit.id].free, days[other].free)
                if max(places) < size <= sum(places):
                    left = sum(places) - size
                    text = Text(
                        f"zwei verbundene Einheiten, {left} bleiben ungenutzt",
                        f"two adjoining units, {left} stay unused",
                    )
                    yield Offer((unit.id, other), sum(places), left, text)
