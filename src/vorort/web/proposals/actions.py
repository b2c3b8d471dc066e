"""What people do with proposals. One intent, one transaction, one entry in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from vorort.ledger import Ledger, acts
from vorort.ledger.acts import Entry
from vorort.placement import Home, Member, Party, Problem
from vorort.placement.plan import beds
from vorort.vocabulary import PartialDate
from vorort.web import clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.intake import actions as intake
from vorort.web.intake.actions import Newcomer, NewHousehold
from vorort.web.intake.models import Household, Person
from vorort.web.placing import actions as placing
from vorort.web.proposals.family import FACTS, Family
from vorort.web.proposals.models import Requirement
from vorort.web.requests.actions import asked_by_hold
from vorort.web.tasks.actions import add
from vorort.web.town.models import Unit

REVIEW = timedelta(days=30)  # what was said at night has to be looked at again


def hold(
    actor: User, key: UUID, problem: Problem, party: Party, home: Home, expires: date
) -> trail.Done:
    """Hold a home for a household on record: a unit for each member. German: vormerken"""
    rooms = beds(problem, party, home)
    start = max(home.start, clock.today())
    return placing.hold(actor, key, rooms, start, expires, home.until)


def register_and_hold(
    actor: User, key: UUID, problem: Problem, family: Family, home: Home, expires: date
) -> trail.Done:
    """People without names get a number and a bed in one act; a task asks for the rest.

    German: aufnehmen und vormerken
    """

    def do(act: Act) -> None:
        household = intake.record(act, _newcomers(actor, family))
        people = list(Person.objects.filter(membership__household=household).order_by("number"))
        _note(act, household, people, family)
        rooms = _rooms(problem, family, people, home)
        start = max(home.start, clock.today())

        def change(ledger: Ledger, entry: Entry) -> Ledger:
            return acts.hold(ledger, rooms, start, entry, expires=expires, until=home.until)

        units = Unit.objects.filter(key__in=set(rooms.values())).values_list("id", flat=True)
        placing.within(act, [p.pk for p in people], units, change)
        asked_by_hold(act, actor, rooms, expires, start)
        add(act, "incomplete", actor.office, clock.today(), household=household)

    return trail.once(actor, key, "register_and_hold", do)


def _newcomers(actor: User, family: Family) -> NewHousehold:
    adults = ["f"] * family.women + ["m"] * family.men + [None] * family.others
    year = clock.today().year
    children = [
        Newcomer(born=None if age is None else PartialDate(year - age), relation="child")
        for age in family.children
    ]
    return NewHousehold(
        (*(Newcomer(sex=sex) for sex in adults), *children), "other", clock.today(),
        actor.office.key, protected="protected" in family.needs,
    )  # fmt: skip


def _note(act: Act, household: Household, people: list[Person], family: Family) -> None:
    """What the place has to offer, for a month."""
    until = clock.today() + REVIEW
    codes = [code for code in family.needs if code not in FACTS]
    codes += ["step_free"] if "step_free" in family.needs else []
    codes += ["screening_open"] if family.screened is False else []
    for code in codes:
        row = Requirement.objects.create(household=household, code=code, until=until, act=act)
        note_for(act, people, "requirement", row.pk, {"code": (None, code)})


def note_for(
    act: Act, people: list[Person], table: str, row: Any, values: Mapping[str, tuple[Any, Any]]
) -> None:
    """The trail of something about a household: with each of its people, and gone with them."""
    for person in people:
        trail.changed(act, table, row, values, subject=person.pk)


def _rooms(problem: Problem, family: Family, people: list[Person], home: Home) -> dict[str, str]:
    """A unit for each of the people just recorded, in the order in which they were typed."""
    party = family.party()
    members = tuple(
        Member(person.key, m.age, m.sex) for person, m in zip(people, party.members, strict=True)
    )
    return beds(problem, replace(party, members=members), home)
