"""Recording households and people, and changing households. What is known of a person: `facts`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from vorort.files.cells import KINDS
from vorort.ledger import age_on
from vorort.ledger.names import sounds
from vorort.problems import Problem, Refused
from vorort.vocabulary import PartialDate
from vorort.web import clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.intake.models import (
    Counter,
    Household,
    LegalBasis,
    Membership,
    Name,
    Person,
    Wish,
)
from vorort.web.intake.reading import kind_of
from vorort.web.town.models import Office

YOUTH_OFFICE = "jugendamt"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person as a clerk has typed them. ``born`` None: unknown."""

    family: str = ""
    given: str = ""
    born: PartialDate | None = None
    sex: str | None = None
    relation: str = ""
    needs_access: bool | None = None


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household as a clerk has typed it; what is empty is unknown."""

    people: tuple[Newcomer, ...]
    group: str
    arrived_on: date | None
    responsible: str | None
    district: str | None = None
    size_stated: int | None = None
    legal_basis: str | None = None
    language: str = ""
    protected: bool = False
    wish: str = ""
    announced_id: str | None = None  # whom the authority had announced


def register(actor: User, key: UUID, new: NewHousehold) -> trail.Done:
    """A household with its people. A minor alone stops here: no bed, a task for the youth office.

    German: Haushalt erfassen
    """

    def do(act: Act) -> None:
        record(act, new)

    return trail.once(actor, key, "register", do)


def record(act: Act, new: NewHousehold) -> Household:
    """A household with its people, in the transaction of an act that may do more than this."""
    ages = [age_on(p.born, clock.today()) for p in new.people]
    kind = kind_of(ages, new.size_stated or 0)
    responsible = new.responsible
    if kind == "uam" and Office.objects.filter(key=YOUTH_OFFICE).exists():
        responsible = YOUTH_OFFICE  # its case: it could not open its task's household otherwise
    household = Household.objects.create(
        key=f"H-{next_number('household'):04}", kind=kind, group=new.group,
        arrived_on=new.arrived_on, district=new.district, hosted=False,
        protected=new.protected, responsible=responsible,
        responsible_from=new.arrived_on, size_stated=new.size_stated, recorded_at=act.at,
        announced_id=new.announced_id,
    )  # fmt: skip
    people = [add_person(act, household, p, new) for p in new.people]
    if new.wish:
        Wish.objects.create(household=household, kind="district", what=new.wish)
    facts = trail.between({}, trail.fields_of(household))
    for person in people:
        trail.changed(act, "household", household.pk, facts, subject=person.pk)
    # its number, without a subject: known also where nobody is recorded yet
    trail.changed(act, "household", household.pk, {"key": (None, household.key)})
    if kind == "uam":
        stop_minor(act, household)
    return household


def stop_minor(act: Act, household: Household) -> None:
    """German: Unbegleitete Minderjährige, §§ 42 ff. SGB VIII: an das Jugendamt"""
    from vorort.web.tasks.actions import add

    office = Office.objects.filter(key__in=(YOUTH_OFFICE, household.responsible or ""))
    chosen = office.filter(key=YOUTH_OFFICE).first() or office.first() or act.actor.office
    if chosen.key == YOUTH_OFFICE != household.responsible:
        # its case from today: it could not open its task's household otherwise
        facts: dict[str, tuple[Any, Any]] = {"responsible": (household.responsible, YOUTH_OFFICE)}
        household.responsible, household.responsible_from = YOUTH_OFFICE, clock.today()
        household.save(update_fields=["responsible", "responsible_from"])
        for person in Person.objects.filter(membership__household=household).distinct():
            trail.changed(act, "household", household.pk, facts, subject=person.pk)
    add(act, "unaccompanied_minor", chosen, clock.today(), household=household)


def add_person(
    act: Act, household: Household, new: Newcomer, of: NewHousehold | None = None
) -> Person:
    """A person with name, membership and legal basis; what was entered goes into the trail."""
    key = f"P-{next_number('person'):05}"  # first: whoever else adds somebody waits here
    number = (Person.objects.aggregate(n=Max("number"))["n"] or 0) + 1
    person = Person.objects.create(
        number=number, key=key, sex=new.sex, recorded_at=act.at,
        born=None if new.born is None else KINDS["born"].write(new.born),
        language=of.language if of else "", needs_access=new.needs_access,
    )  # fmt: skip
    Membership.objects.create(
        person=person, household=household, relation=new.relation,
        member_from=of.arrived_on if of else clock.today(),
    )  # fmt: skip
    name_person(person, new.family, new.given)
    if of and of.legal_basis:
        LegalBasis.objects.create(
            person=person, name=of.legal_basis, valid_from=of.arrived_on, opens_claim=True
        )
    facts = {
        "born": (None, person.born), "sex": (None, person.sex), "name": (None, new.given),
        "needs_access": (None, person.needs_access),
    }  # fmt: skip
    trail.changed(act, "person", person.key, facts, subject=person.pk)
    return person


def name_person(person: Person, family: str, given: str) -> None:
    """A further way to write somebody's name."""
    if family or given:
        Name.objects.create(
            person=person, family=family, given=given, sound=" ".join(sounds(family, given))
        )


def next_number(name: str) -> int:
    """The next running number; none is given twice, also after a deletion."""
    if not Counter.objects.filter(name=name).exists():
        table: Any = Household if name == "household" else Person
        used = [
            int(digits) for key in table.objects.values_list("key", flat=True)
            if re.fullmatch("[0-9]{1,15}", digits := key.split("-")[-1])
        ]  # fmt: skip
        # two at once on PostgreSQL: one makes the row, the other finds it
        Counter.objects.get_or_create(name=name, defaults={"last": max(used, default=0)})
    row = Counter.objects.select_for_update().get(name=name)
    row.last += 1
    row.save()
    return row.last


# ---- later changes ------------------------------------------------------------------------------


def on_household(
    actor: User,
    key: UUID,
    kind: str,
    household: Household,
    change: Callable[[Household], None],
    after: Callable[[Act, Household], None] | None = None,
) -> trail.Done:
    """A change of the household's own facts, noted for each member."""

    def do(act: Act) -> None:
        row = Household.objects.select_for_update().get(pk=household.pk)
        before = trail.fields_of(row)
        change(row)
        row.save()
        facts = trail.between(before, trail.fields_of(row))
        for person in Person.objects.filter(membership__household=row).distinct():
            trail.changed(act, "household", row.pk, facts, subject=person.pk)
        if after is not None:
            after(act, row)

    return trail.once(actor, key, kind, do)


def change_household(
    actor: User, key: UUID, household: Household, values: Mapping[str, Any]
) -> trail.Done:
    """Correct what is recorded about a household; the old value stays in the trail."""

    def change(row: Household) -> None:
        for name, value in values.items():
            setattr(row, name, value)

    def after(act: Act, row: Household) -> None:
        if row.kind == "uam" and household.kind != "uam":
            stop_minor(act, row)

    return on_household(actor, key, "household_change", household, change, after)


def add_member(
    actor: User,
    key: UUID,
    household: Household,
    new: Newcomer,
    since: date,
    legal_basis: str | None,
    language: str,
) -> trail.Done:
    """Somebody who belongs to the household is recorded as well. German: Person hinzufügen"""

    def do(act: Act) -> None:
        of = NewHousehold((), household.group, since, None, None, None, legal_basis, language)
        row = Household.objects.select_for_update().get(pk=household.pk)
        add_person(act, row, new, of)
        rekind(act, row)

    return trail.once(actor, key, "member_add", do)


def rekind(act: Act, household: Household) -> None:
    """The kind of a household after people came or went. Children left alone stop: a task for the
    youth office. What ages do not tell stays what it was."""
    today = clock.today()
    people = members_on(household, today)
    ages = [
        0 if p.age_disputed else age_on(KINDS["born"].read(p.born) if p.born else None, today)
        for p in people
    ]
    kind = kind_of(ages, household.size_stated or 0)
    if kind == "couple" and household.kind in ("family", "lone_parent"):
        kind = "family"  # two grown people who were more: parent and child, as likely as not
    if not people or kind in ("unknown", household.kind):
        return
    before = household.kind
    household.kind = kind
    household.save(update_fields=["kind"])
    for person in people:
        trail.changed(act, "household", household.pk, {"kind": (before, kind)}, subject=person.pk)
    if kind == "uam":
        stop_minor(act, household)


def members_on(household: Household, day: date) -> list[Person]:
    """Who belongs to a household on a day and has not left."""
    rows = Membership.objects.filter(household=household, person__same_as__isnull=True).filter(
        Q(member_from__isnull=True) | Q(member_from__lte=day),
        Q(member_until__isnull=True) | Q(member_until__gt=day),
        Q(person__left_on__isnull=True) | Q(person__left_on__gt=day),
    )
    return [m.person for m in rows.select_related("person").order_by("person__number")]


def hand_over(actor: User, key: UUID, household: Household, office: str, on: date) -> trail.Done:
    """Another office is responsible from a day on. German: Zuständigkeitswechsel"""

    def change(row: Household) -> None:
        if not Office.objects.filter(key=office).exists() or row.responsible == office:
            raise Refused([
                Problem(
                    "", "Diese Stelle gibt es nicht, oder sie ist schon zuständig.",
                    "There is no such office, or it is responsible already.",
                    "Eine andere Stelle wählen.", "Choose another office.", column="responsible",
                )
            ])  # fmt: skip
        row.responsible, row.responsible_from = office, on

    return on_household(actor, key, "hand_over", household, change)
