"""Who sees which sites and households. Every page, list, search and export asks here. German: Sicht

Between offices nothing is shown without a reason; where a protected household lives is shown to
nobody but the named role.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from vorort.ledger import BEDS
from vorort.problems import Problem, Refused
from vorort.vocabulary import LIVING
from vorort.vocabulary import Household as HouseholdNoun
from vorort.web import answer
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.intake.models import Household, Membership, emptied
from vorort.web.placing.models import Stay
from vorort.web.town.models import Office, Site, Unit

FEW = 2000  # stays; so many are sooner gone through than asked for one by one. Project estimate


def sites_for(user: User, right: str) -> QuerySet[Site]:
    """Sites with beds that a user may see; a shelter is for the named role only."""
    found = Site.objects.filter(pk__in=Unit.objects.filter(domain=BEDS).values("facility"))
    if rights.own_only(user, right):
        found = found.filter(owner=user.office)
    if not rights.may(user, rights.PROTECTED):
        found = found.filter(address_protected=False)
    return found


def households_for(user: User, right: str = rights.HOUSEHOLD) -> QuerySet[Household]:
    """Households a user may open: the own case, or somebody in an own place."""
    found = Household.objects.exclude(id__in=emptied())
    if rights.own_only(user, right):
        own = Q(responsible=user.office.key)
        found = found.filter(own | Q(_in_places_of(user.office), protected=False))
    return found


def _in_places_of(office: Office) -> Q:
    """Households somebody of which is or was in a place of an office."""
    housed = Stay.objects.filter(unit__facility__owner=office, status__in=LIVING)
    if answer.once(("housed", office.pk), lambda: housed[:FEW].count()) < FEW:
        members = Membership.objects.filter(person__in=housed.values("person"))
        return Q(pk__in=members.values("household"))
    # of many nearly every household has one: looked up for each it is found at the first look
    someone = Exists(housed.filter(person=OuterRef("person")))
    return Q(Exists(Membership.objects.filter(someone, household=OuterRef("pk"))))


def opened(user: User, key: str) -> Household | None:
    """The household with this number, if this user may open it and see where it lives.

    None in every other case, and callers say no more than that: a refusal would tell.
    """
    found: Household | None = households_for(user).filter(key=key).first()
    return None if found is None or hides(user, found) else found


def other(user: User, text: str, besides: str) -> Household:
    """The other household somebody has typed the number of. Raises `Refused`."""
    found = opened(user, text.split()[0].upper()) if text.split() else None
    if found is None or found.key == besides:
        raise Refused([
            Problem(
                "", "Diesen Haushalt gibt es nicht, oder Ihre Rolle öffnet ihn nicht.",
                "There is no such household, or your role does not open it.",
                "Nummer prüfen.", "Check the number.", column="household",
            )
        ])  # fmt: skip
    return found


def hides(user: User, household: Household | HouseholdNoun) -> bool:
    """Is it protected, and this user does not see its place?"""
    return household.protected and not rights.may(user, rights.PROTECTED)


def hidden_households(user: User) -> frozenset[str]:
    """Protected households whose place this user does not see."""
    if rights.may(user, rights.PROTECTED):
        return frozenset()
    rows = Household.objects.filter(protected=True).values_list("key", flat=True)
    return answer.once("protected", lambda: frozenset(rows))


def shown_households(user: User, among: Iterable[str] | None = None) -> frozenset[str]:
    """Households of which this user sees that they are in a place; asked of all, or of some."""
    if not rights.may(user, rights.HOUSEHOLD):
        return frozenset()
    if among is not None:  # '' stands for people of no household: nobody sees more of them
        return opened_among(user, among) - hidden_households(user) - {""}
    mine = households_for(user).values_list("key", flat=True)
    return frozenset(mine) - hidden_households(user)


def _gone() -> list[str]:
    gone = emptied()
    rows = Household.objects.filter(pk__in=gone) if gone else Household.objects.none()
    return list(rows.values_list("key", flat=True))


def opened_among(user: User, keys: Iterable[str], right: str = rights.HOUSEHOLD) -> frozenset[str]:
    """Those of some households of the register that a user may open; ``keys`` are of rows, never
    what somebody has typed."""
    if not rights.own_only(user, right):
        return frozenset(keys).difference(answer.once("gone", _gone))
    asked = sorted(set(keys))
    parts = (asked[n : n + 5000] for n in range(0, len(asked), 5000))
    mine = households_for(user, right).values_list("key", flat=True)
    return frozenset(key for part in parts for key in mine.filter(key__in=part))
