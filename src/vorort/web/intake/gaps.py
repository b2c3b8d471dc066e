"""What is not known yet, with the household where it can be entered. German: Unvollständig"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from vorort.ledger import Gap, Ledger, incomplete
from vorort.vocabulary import Text
from vorort.web import bridge, sight
from vorort.web.accounts import rights
from vorort.web.deadlines.households import Read, drawn
from vorort.web.intake.models import Household, LegalBasis, Membership, Person, emptied
from vorort.web.placing.models import Stay
from vorort.web.totals.now import SiteNow, sites_now
from vorort.web.town.models import Site

WHOLE_DATE = len("2020-01-01")
NOUNS = ("household", "person", "placement")

Found = list[tuple[Gap, str]]


def gaps_for(user: Any, today: date) -> Found:
    """Gaps of the households a user may open, each with its household; in the order of these."""
    found, placements = _of_people(user, today), _of_placements(user, today)
    return [*found, *placements]


@dataclass(frozen=True, slots=True)
class Count:
    """How often something is not known, and in which words where these are the same for all."""

    what: str
    times: int
    text: Text


def counted(user: Any, today: date) -> list[Count]:
    """The gaps of `gaps_for` by what is missing, most frequent first."""
    if rights.own_only(user, rights.HOUSEHOLD):
        people = _texts(_of_people(user, today))
    else:
        people = drawn("gaps", today, _reader(today), "texts", lambda k: _texts(_whole(k)))
    every = people + _texts(_of_placements(user, today))
    found: defaultdict[str, Counter[Text]] = defaultdict(Counter)
    for (what, text), times in every.items():
        found[what][text] += times
    counts = [
        Count(what, texts.total(),
              next(iter(texts)) if len(texts) == 1 else Text("Angabe fehlt", "not known"))
        for what, texts in found.items()
    ]  # fmt: skip
    return sorted(counts, key=lambda c: -c.times)


def _texts(found: Found) -> Counter[tuple[str, Text]]:
    return Counter((gap.what, gap.text) for gap, _ in found)


def _of_people(user: Any, today: date) -> Found:
    """What is missing of households and people."""
    found = gaps_of_all(today)
    if not rights.own_only(user, rights.HOUSEHOLD):
        return found
    mine = sight.opened_among(user, (key for _, key in found))
    return [(gap, key) for gap, key in found if key in mine]


def gaps_of_all(today: date) -> Found:
    """The same of everybody, in the order of the households."""
    return drawn("gaps", today, _reader(today), "people", _whole)


def _whole(kept: dict[int, Found]) -> Found:
    return _in_order([f for found in kept.values() for f in found if f[0].noun != "placement"])


def _reader(today: date) -> Read[Found]:
    def read(homes: Collection[int] | None) -> dict[int, Found]:
        with bridge.snapshot():
            return _by_number(_found(_with_gaps(homes), today), homes)

    return read


def _in_order(found: Found) -> Found:
    return sorted(found, key=lambda f: (NOUNS.index(f[0].noun), f[1]))


def _of_placements(user: Any, today: date) -> Found:
    """What is missing of stays: those in a unit site by site, and those without one."""
    sites = sites_now(Site.objects.order_by().values_list("pk", flat=True), today)
    found = [f for site in sites for f in site.once("gaps", today, _of_site)]
    found += drawn("gaps", today, _reader(today), "no unit", lambda kept: [
        f for gaps in kept.values() for f in gaps if f[0].noun == "placement"
    ])  # fmt: skip
    if not found:
        return []
    mine = sight.opened_among(user, (key for _, key in found)) - sight.hidden_households(user)
    return _in_order([(gap, key) for gap, key in found if key in mine])


def _of_site(site: SiteNow, today: date) -> Found:
    rows = site.ledger
    return _found(Ledger(placements=rows.placements, memberships=rows.memberships), today)


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
