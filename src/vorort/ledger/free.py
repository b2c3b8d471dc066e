"""What is free for a household: never a bare number of beds. German: frei für ..."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date

from vorort.ledger.book import BEDS, Ledger
from vorort.ledger.occupancy import UnitDay, bucket_of, occupancy
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
) -> list[Offer]:
    """Every unit or pair of adjoining units free for a household of ``size``, best fit first.

    ``sex`` is that of a single person, or of a party all of one sex; None = mixed or unknown,
    which fits no room kept for one sex. ``access`` True asks for units known to be step-free.
    """
    days = occupancy(ledger, day).units
    units = [
        u
        for u in ledger.units
        if u.domain == domain and u.per == "place" and (not access or u.access) and days[u.id].free
    ]
    found = [
        offer
        for u in units
        if days[u.id].free >= size and (offer := _single(ledger, u, days[u.id], day, size, sex))
    ]
    found += _pairs(units, days, size)
    return sorted(found, key=lambda o: (o.left_over, len(o.units), o.units))


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
