"""What is not known yet, with the household where it can be entered. German: Unvollständig"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from vorort.ledger import Gap, Ledger, incomplete
from vorort.ledger.occupancy import ASSIGNED
from vorort.web import bridge, sight
from vorort.web.deadlines.keeping import while_nobody_changes
from vorort.web.intake.models import Household, LegalBasis, Membership, Person, emptied
from vorort.web.placing.models import Stay

WHOLE_DATE = len("2020-01-01")


Found = list[tuple[Gap, str]]


def gaps_for(user: Any, today: date) -> Found:
    """Gaps of the households a user may open, each with its household."""
    every = [*_of_people(today), *_of_stays(today)]
    mine = sight.opened_among(user, (key for _, key in every))
    hidden = sight.hidden_households(user)
    return [
        (gap, key) for gap, key in every
        if key in mine and not (gap.noun == "placement" and key in hidden)
    ]  # fmt: skip


def _of_people(today: date) -> Found:
    """What is missing of households and people."""

    def read() -> Found:
        with bridge.snapshot():
            return _found(_with_gaps(), today)

    return while_nobody_changes("gaps", today, read)


def _found(ledger: Ledger, today: date) -> Found:
    """Each gap with its household today."""

    def household(gap: Gap) -> str | None:
        if gap.noun == "household":
            return gap.id
        person = gap.id if gap.noun == "person" else ledger.placement[gap.id].person
        return ledger.household_of(person, today)

    found = [(gap, household(gap)) for gap in incomplete(ledger)]
    return [(gap, key) for gap, key in found if key]


def _with_gaps() -> Ledger:
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
    belong = Membership.objects.filter(person__same_as__isnull=True)
    of_both = belong.filter(Q(household__in=homes.values("pk")) | Q(person__in=people.values("pk")))
    return Ledger(
        households=bridge.households(homes), persons=bridge.persons(people),
        memberships=bridge.memberships(of_both),
    )  # fmt: skip


def _of_stays(today: date) -> Found:
    """What is missing of stays."""
    return _found(bridge.of_stays(Stay.objects.filter(
        Q(unit__isnull=False, from_on__isnull=True, status__in=(*ASSIGNED, "absent"))
        | Q(status="ended", until__isnull=True)
        | Q(status="requested", requested_on__isnull=True)
    )), today)  # fmt: skip
