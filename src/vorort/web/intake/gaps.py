"""What is not known yet, with the household where it can be entered. German: Unvollständig"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from vorort.ledger import Gap, Ledger, incomplete
from vorort.web import bridge, sight
from vorort.web.accounts import rights
from vorort.web.deadlines.households import drawn
from vorort.web.intake.models import Household, LegalBasis, Membership, Person, emptied
from vorort.web.placing.models import Stay
from vorort.web.totals.now import SiteNow, sites_now
from vorort.web.town.models import Site

WHOLE_DATE = len("2020-01-01")
NOUNS = ("household", "person", "placement")

Found = list[tuple[Gap, str]]


def gaps_for(user: Any, today: date) -> Found:
    """Gaps of the households a user may open, each with its household; in the order of these."""
    found = [*_of_people(user, today), *_of_stays(user, today)]
    hidden = sight.hidden_households(user)
    return [(gap, key) for gap, key in found if gap.noun != "placement" or key not in hidden]


def _in_order(found: Found) -> Found:
    return sorted(found, key=lambda f: (NOUNS.index(f[0].noun), f[1]))


def _of_people(user: Any, today: date) -> Found:
    found = gaps_of_all(today)
    if not rights.own_only(user, rights.HOUSEHOLD):
        return found
    mine = sight.opened_among(user, (key for _, key in found))
    return [(gap, key) for gap, key in found if key in mine]


def gaps_of_all(today: date) -> Found:
    """What is missing of households, people, and stays without a unit, in the order of the
    households."""

    def read(homes: Collection[int] | None) -> dict[int, Found]:
        with bridge.snapshot():
            return _by_number(_found(_with_gaps(homes), today), homes)

    def every(kept: dict[int, Found]) -> Found:
        return _in_order([f for found in kept.values() for f in found])

    return drawn("gaps", today, read, "all", every)


def _by_number(found: Found, homes: Collection[int] | None) -> dict[int, Found]:
    """By the number of the household, of those asked for."""
    rows = Household.objects.all() if homes is None else Household.objects.filter(pk__in=homes)
    numbers = dict(rows.values_list("key", "pk"))
    result: defaultdict[int, Found] = defaultdict(list)
    for gap, key in found:
        if key in numbers:  # somebody who belonged here lives elsewhere now
            result[numbers[key]].append((gap, key))
    return dict(result)


def _found(ledger: Ledger, today: date) -> Found:
    """Each gap with its household today."""

    def household(gap: Gap) -> str | None:
        if gap.noun == "household":
            return gap.id
        person = gap.id if gap.noun == "person" else ledger.placement[gap.id].person
        return ledger.household_of(person, today)

    found = [(gap, household(gap)) for gap in incomplete(ledger)]
    return [(gap, key) for gap, key in found if key]


def _with_gaps(of: Collection[int] | None) -> Ledger:
    """The rows of which something may be missing, and who belongs where; `incomplete` says what."""
    homes = Household.objects.exclude(pk__in=emptied()).filter(
        Q(arrived_on__isnull=True) | Q(kind="unknown") | Q(size_stated__isnull=False)
        | ~Q(pk__in=Membership.objects.values("household"))
    )  # fmt: skip
    known = Person.objects.filter(same_as__isnull=True).annotate(told=Length("born"))
    people = known.filter(
        Q(born__isnull=True) | Q(told__lt=WHOLE_DATE) | Q(sex__isnull=True)
        | ~Q(pk__in=LegalBasis.objects.values("person"))
    )  # fmt: skip
    stays = Stay.objects.filter(
        Q(status="requested", requested_on__isnull=True) | Q(status="ended", until__isnull=True),
        unit__isnull=True,
    )
    if of is not None:
        mine = Membership.objects.filter(household__in=of).values("person")
        homes, people = homes.filter(pk__in=of), people.filter(pk__in=mine)
        stays = stays.filter(person__in=mine)
    belong = Membership.objects.filter(person__same_as__isnull=True)
    of_both = belong.filter(
        Q(household__in=homes.values("pk")) | Q(person__in=people.values("pk"))
        | Q(person__in=stays.values("person"))
    )  # fmt: skip
    return Ledger(
        households=bridge.households(homes), persons=bridge.persons(people),
        memberships=bridge.memberships(of_both), placements=bridge.placements(stays),
    )  # fmt: skip


def _of_stays(user: Any, today: date) -> Found:
    """What is missing of stays in a unit, site by site."""
    sites = sites_now(Site.objects.values_list("pk", flat=True), today)
    found = [f for site in sites for f in site.once("gaps", today, _of_site)]
    mine = sight.opened_among(user, (key for _, key in found))
    return _in_order([(gap, key) for gap, key in found if key in mine])


def _of_site(site: SiteNow, today: date) -> Found:
    rows = site.ledger
    return _found(Ledger(placements=rows.placements, memberships=rows.memberships), today)
