"""What fits whom: units for a household, households for a unit or to change places with.

German: Suche. Every site is asked by itself (`totals.now`), so an act makes only its own site new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.db.models import Q

from vorort.ledger import (
    BEDS,
    WHY_NOT,
    Offer,
    bucket_of,
    first_full,
    free_for,
    is_minor_alone,
    may_join,
    why_not,
)
from vorort.vocabulary import LIVING, Text
from vorort.web import clock
from vorort.web.accounts.models import User
from vorort.web.intake.models import Household, Membership
from vorort.web.placing.house import Wanted, people_of, present, wanted_of
from vorort.web.placing.models import Stay
from vorort.web.sight import shown_households
from vorort.web.totals.now import Home, SiteNow, sites_now, sites_of_units
from vorort.web.town.models import Site

MOST_SWAPS = 40
MOST_WAITING = 20


def with_beds(day: date) -> list[SiteNow]:
    """Every site in which people sleep, as it is on a day."""
    every = sites_now(Site.objects.order_by().values_list("pk", flat=True), day)
    return [site for site in every if site.has_beds]


def fitting_in(site: SiteNow, what: Wanted, day: date, today: date) -> list[Offer]:
    """Units of a site free for a party, best fit first; parties alike are asked for once."""
    return site.once(
        ("fitting", what.alike, today), day, lambda s, d: _fitting_in(s, what, d, today)
    )


def _fitting_in(site: SiteNow, what: Wanted, day: date, today: date) -> list[Offer]:
    states = site.on(day, today)
    units = [u for u in site.ledger.units if u.domain == BEDS and states[u.id].free]
    if not what.size or sum(states[u.id].free for u in units) < what.size:
        return []
    return free_for(
        site.ledger, day, what.size, what.sex, what.access, features=what.features, days=states,
        among=units,
    )  # fmt: skip


def fitting(what: Wanted, day: date) -> list[Offer]:
    """Units free for it at all sites, best fit first."""
    today = clock.today()
    found = [o for site in with_beds(day) for o in fitting_in(site, what, day, today)]
    return sorted(found, key=lambda o: (o.left_over, len(o.units), o.units))


def ends(groups: list[list[str]], day: date, size: int) -> list[date | None]:
    """For units taken together: the first later day on which they no longer hold so many; None =
    no such day is known."""
    today = clock.today()
    sites = sites_of_units([u for units in groups for u in units], day)
    found = []
    for units in groups:
        days = [
            _until(site, mine, day, size, today)
            for site in sites
            if (mine := tuple(u for u in units if u in site.ledger.unit))
        ]
        found.append(min((d for d in days if d), default=None))
    return found


def _until(site: SiteNow, units: tuple[str, ...], day: date, size: int, today: date) -> date | None:
    turns = site.once("turns", day, lambda s, d: s.turns(d, date.max))
    return first_full(units, day, size, turns, lambda turn: site.on(turn, today))


def against(what: Wanted, day: date) -> dict[str, list[str]]:
    """Every other unit by the first reason against it."""
    found: dict[str, list[str]] = {}
    today = clock.today()
    for site in with_beds(day) if what.size else ():
        for reason, units in _against(site, what, day, today).items():
            found.setdefault(reason, []).extend(units)
    return {name: found[name] for name in WHY_NOT if name in found}


def _against(site: SiteNow, what: Wanted, day: date, today: date) -> dict[str, list[str]]:
    return site.once(("against", what.alike, today), day, lambda s, d: why_not(
        s.ledger, d, what.size, what.sex, what.access, features=what.features,
        days=s.on(d, today),
    ))  # fmt: skip


def over(what: Wanted, day: date) -> list[tuple[Offer, int]]:
    """Units that would take it only with more people than places, fewest too many first."""
    today = clock.today()
    found = [
        line for site in with_beds(day) if what.size for line in _over(site, what, day, today)
    ]  # fmt: skip
    return sorted(found, key=lambda f: (f[1], f[0].units))


def _over(site: SiteNow, what: Wanted, day: date, today: date) -> Iterator[tuple[Offer, int]]:
    ledger, states = site.ledger, site.on(day, today)
    for reason, units in _against(site, what, day, today).items():
        for name in units if reason in ("small", "full") else ():
            unit, state = ledger.unit[name], states[name]
            there = {
                r.person for r in ledger.rows_in.get(name, ()) if bucket_of(r, day)
            } - set(what.people)  # fmt: skip
            sexes = {ledger.person[p].sex for p in there}
            if not state.open or (unit.kind == "family" and there):
                continue
            if unit.kind == "shared" and not may_join(unit, what.sex, sexes):
                continue
            many = len(there) + what.size - state.open
            if many > 0:
                text = Text(f"{len(there)} auf {state.open} Plätzen", f"{len(there)} on "
                            f"{state.open} places")  # fmt: skip
                yield Offer((name,), state.free, 0, text), many


def swappable(user: User, key: str) -> tuple[tuple[str, str], ...]:
    """Households with whom this one could change places: each fits into the other's units. Those
    of the same size come first."""
    homes, by_people = where_they_sleep(clock.today())
    mine = homes.get(key)
    if mine is None or not mine.is_own:
        return ()
    found: list[tuple[str, str]] = []
    for n in sorted(by_people, key=lambda n: (abs(n - mine.people), n)):
        if n > mine.places or len(found) >= MOST_SWAPS:
            continue
        fits = [h for h in by_people[n] if mine.people <= h.places and h.household != key]
        while fits and len(found) < MOST_SWAPS:  # seldom more than once: most are shown
            part, fits = fits[: 3 * MOST_SWAPS], fits[3 * MOST_SWAPS :]
            shown = shown_households(user, [h.household for h in part])
            found += [
                (h.household, f"{h.people} · {', '.join(h.units)}")
                for h in part if h.household in shown
            ]  # fmt: skip
    return tuple(found[:MOST_SWAPS])


Homes = tuple[dict[str, Home], dict[int, list[Home]]]
_KEPT: dict[str, tuple[date, list[SiteNow], Homes]] = {}


def where_they_sleep(day: date) -> Homes:
    """Where each household sleeps, at whatever sites; and those in own units by their size. Kept
    while no site changes."""
    sites, key = with_beds(day), str(connection.settings_dict["NAME"])
    kept = _KEPT.get(key)
    if kept is None or kept[:2] != (day, sites):
        kept = _KEPT[key] = day, sites, _homes_in(sites, day)
    return kept[2]


def _homes_in(sites: list[SiteNow], day: date) -> Homes:
    found: dict[str, Home] = {}
    for site in sites:
        for h in site.homes(day):
            other = found.get(h.household)
            found[h.household] = h if other is None else Home(
                h.household, (*other.units, *h.units), other.people + h.people,
                other.places + h.places, other.is_own and h.is_own,
            )  # fmt: skip
    by_people: defaultdict[int, list[Home]] = defaultdict(list)
    for name in sorted(found):
        if name and found[name].is_own:
            by_people[found[name].people].append(found[name])
    return found, dict(by_people)


def waiting_for(user: User, unit: str, day: date) -> list[tuple[str, int]]:
    """Households without any bed, held ones too, whom a unit takes; the best fit first. Never a
    minor alone, and nobody whose place this user may not know."""
    today = clock.today()
    site = sites_of_units([unit], day)[0]
    states = site.on(day, today)
    if not states[unit].free:
        return []
    homes = _without_a_bed(user, day, today)
    ledger = people_of(homes)
    found = []
    for key in homes:
        people, home = present(ledger, key, day), ledger.household[key]
        if not people or len(people) > states[unit].free or is_minor_alone(ledger, home, day):
            continue
        what = wanted_of(ledger, key, day)
        if free_for(site.ledger, day, what.size, what.sex, what.access, features=what.features,
                    days=states, among=[site.ledger.unit[unit]]):  # fmt: skip
            found.append((key, what.size))
    return sorted(found, key=lambda f: (-f[1], f[0]))[:MOST_WAITING]


def _without_a_bed(user: User, day: date, today: date) -> list[str]:
    """Households of which nobody sleeps anywhere, as far as this user sees them."""
    beds = Stay.objects.filter(
        Q(until__isnull=True) | Q(until__gt=day), domain=BEDS, status__in=LIVING
    ).exclude(status="held", kept_until__lte=today)  # fmt: skip
    belong = Membership.objects.filter(
        Q(member_from__isnull=True) | Q(member_from__lte=day),
        Q(member_until__isnull=True) | Q(member_until__gt=day), person__same_as__isnull=True,
    )  # fmt: skip
    stayed = Q(person__left_on__isnull=True) | Q(person__left_on__gt=day)
    housed = belong.filter(stayed, person__in=beds.values("person")).values("household")
    there = belong.filter(stayed).values("household")
    homes = Household.objects.filter(pk__in=there).exclude(pk__in=housed).exclude(hosted=True)
    return sorted(shown_households(user, homes.values_list("key", flat=True)))
