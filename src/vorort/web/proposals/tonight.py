"""Where can they sleep tonight: what `placement.tonight` answers, as the page shows it.

Nothing is decided here. A unit of a shelter is shown to the named role only; that an excluded
household is a protected one is told to nobody else: its building then counts as occupied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vorort.placement import (
    Fit,
    Home,
    Near,
    Party,
    Problem,
    Refusal,
    all_rules,
    nearest_seats,
    tonight,
)
from vorort.placement import Tonight as Found
from vorort.vocabulary import Text
from vorort.web import sight
from vorort.web.accounts import rights
from vorort.web.proposals import words
from vorort.web.proposals.present import Present, present, units_of
from vorort.web.town.models import Site, Unit

MOST = 8  # homes shown with their reasons
OCCUPIED = Text("Belegt.", "Occupied.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A home that fits, with what speaks for it and against it."""

    fit: Fit
    units: tuple[Unit, ...]
    site: Site
    plus: tuple[Text, ...]
    minus: tuple[Text, ...]
    is_later: bool
    is_reached: bool  # address and phone may be shown

    @property
    def name(self) -> str:
        """Site and units as people call them."""
        return f"{self.site.name}, {' + '.join(u.title or u.key for u in self.units)}"

    @property
    def keys(self) -> str:
        """The units by number, as a form sends them."""
        return " ".join(u.key for u in self.units)


@dataclass(frozen=True, slots=True)
class No:
    """A unit that is not possible, with the rule that stands against it."""

    refusal: Refusal
    unit: Unit
    rule: Text


@dataclass(frozen=True)
class Answer:
    """Everything the page says. Units that are ruled out by number only: `told` says the rest."""

    party: Party
    choices: tuple[Choice, ...]  # the best of those that fit tonight
    later: tuple[Choice, ...]
    fitting: int
    soon: int
    refused: tuple[Refusal, ...]
    groups: tuple[tuple[str, Text, int], ...]  # rule, reason, how many
    checked: int  # units looked at
    changes: tuple[Text, ...]  # where nothing fits: what would have to change, cheapest first
    stop: Text | None = None  # the machine must not place them at all


def answer(user: Any, party: Party, day: date, here: Present | None = None) -> Answer:
    """The whole answer for one party."""
    here = here or present()
    found = tonight(here.problem, party, here.homes)
    hidden = hidden_units(user) | here.planned
    now, soon = _fits(found, hidden, day)
    best = now[:MOST], soon[:MOST]
    choices, later = _choices(user, here, found, *best)
    masked = is_masked(user, here.problem, party.id)
    refused = [
        one if not (masked and one.rule == "exclusions") else Refusal(one.unit, "fit", OCCUPIED)
        for one in found.refused
        if one.unit not in hidden
    ]
    return Answer(
        party, choices, later, len(now), len(soon), _near_first(refused, _free(found)),
        _groups(refused), len(here.problem.lodging.keys() - hidden),
        () if choices else tuple(words.changes(found, later, hidden)), words.stop(party),
    )  # fmt: skip


def changes_for(user: Any, party: Party, day: date, here: Present) -> tuple[Text, ...]:
    """What would have to change, where nothing fits today."""
    found = tonight(here.problem, party, here.homes)
    hidden = hidden_units(user) | here.planned
    now, soon = _fits(found, hidden, day)
    _, later = _choices(user, here, found, [], soon[:MOST])
    return () if now else tuple(words.changes(found, later, hidden))


def _fits(found: Found, hidden: set[str], day: date) -> tuple[list[Fit], list[Fit]]:
    """Those possible today, and those later."""
    fits = [fit for fit in found.fits if hidden.isdisjoint(fit.home.units)]
    now = [fit for fit in fits if fit.home.start <= day]
    return now, [fit for fit in fits if fit.home.start > day]


def _choices(
    user: Any, here: Present, found: Found, *groups: list[Fit]
) -> list[tuple[Choice, ...]]:
    rows = units_of(u for group in groups for fit in group for u in fit.home.units)
    seats = _seats_of(here, found.party)
    return [
        tuple(_choice(user, here, fit, found, seats, rows) for fit in group) for group in groups
    ]


def told(refused: Sequence[Refusal]) -> list[No]:
    """Some of the units ruled out, with their rows and the rule in words."""
    rows, texts = units_of(n.unit for n in refused), {r.name: r.text for r in all_rules()}
    return [No(n, rows[n.unit], texts[n.rule]) for n in refused]


def hidden_units(user: Any) -> set[str]:
    """Numbers of units this user may not know of."""
    if rights.may(user, rights.PROTECTED):
        return set()
    rows = Unit.objects.filter(facility__in=Site.objects.filter(address_protected=True))
    return set(rows.values_list("key", flat=True))


def is_masked(user: Any, problem: Problem, party: str) -> bool:
    """Would an exclusion tell where a protected household lives?"""
    hidden = sight.hidden_households(user)
    return any(
        party in (e.household, e.other) and {e.household, e.other} & hidden
        for e in problem.exclusions
    )


def _near_first(refused: list[Refusal], free: dict[str, int]) -> tuple[Refusal, ...]:
    """What is only just impossible comes first, what is simply full or closed last."""
    return tuple(sorted(refused, key=lambda n: (-free.get(n.unit, 0), n.unit)))


def _free(found: Found) -> dict[str, int]:
    """Places left in each unit, by itself."""
    return {h.units[0]: h.places for h in found.homes.rows if len(h.units) == 1}


def _groups(refused: list[Refusal]) -> tuple[tuple[str, Text, int], ...]:
    counts = Counter((n.rule, n.reason) for n in refused)
    return tuple((rule, text, n) for (rule, text), n in counts.most_common())


Seats = tuple[tuple[int | None, str, str], ...]  # age, domain, pool


def _seats_of(here: Present, party: Party) -> Seats:
    """Which seat each child has a right or a duty to, by age."""
    first = here.resolved.amount("childcare.claim_from_age") or 1
    school = here.resolved.amount("school.from_age") or 6
    found = []
    for member in party.members:
        if member.age is None or not first <= member.age < 18:
            continue
        domain = "school" if member.age >= school else "childcare"
        pool = "general"
        for from_age, name in here.around.pools.get(domain, ()):
            pool = name if member.age >= from_age else pool
        found.append((member.age, domain, pool))
    return tuple(dict.fromkeys(found))


def _choice(
    user: Any, here: Present, fit: Fit, found: Found, seats: Seats, rows: dict[str, Unit]
) -> Choice:
    units = tuple(rows[u] for u in fit.home.units)
    site = units[0].facility
    near = [(age, _near(here, domain, pool, site), domain) for age, domain, pool in seats]
    rarity = sum(
        len(other.home.units) == 1 and other.home.places == fit.home.places for other in found.fits
    )
    day = found.homes.problem.day
    plus, minus = words.both(user, fit, units, found.party, near, rarity, day)
    sees = not site.address_protected or rights.may(user, rights.PROTECTED)
    return Choice(fit, units, site, plus, minus, fit.home.start > day, sees)


def _near(here: Present, domain: str, pool: str, site: Site) -> tuple[Near, str] | None:
    """The nearest site with a seat and its name, unless residents need all that are left."""
    key = (domain, pool, site.district.key)
    if key not in here.nearest:
        spare = [s.left for s in here.problem.seat_limits if (s.domain, s.pool) == key[:2]]
        found = None if any(n <= 0 for n in spare) else nearest_seats(here.problem, *key, 1)
        here.nearest[key] = found[0] if found else None
    near = here.nearest[key]
    return (near, here.names(near.facility)) if near else None


def shown_home(user: Any, here: Present, party: Party, home: Home | None) -> Choice | None:
    """A proposed home with site, keys and phone, as far as it still stands."""
    found = tonight(here.problem, party, here.homes)
    fit = next((f for f in found.fits if home is not None and f.home.units == home.units), None)
    return _choices(user, here, found, [fit])[0][0] if fit else None


def seats_near(here: Present, party: Party, site: Site) -> list[Any]:
    """For each child the nearest site with a seat, from where the site lies."""
    return [(age, _near(here, domain, pool, site), domain)
            for age, domain, pool in _seats_of(here, party)]  # fmt: skip


def hold_until(day: date) -> date:
    """The first day on which a hold made tonight no longer counts, unless somebody says else."""
    return day + timedelta(days=2)


def chosen(found: Answer, units: str) -> Choice | None:
    """The choice a form names; None: no longer possible."""
    return next((c for c in (*found.choices, *found.later) if c.keys == units), None)
