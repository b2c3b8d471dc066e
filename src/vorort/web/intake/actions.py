"""Recording households and people. One intent, one transaction, one entry in the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

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
    Need,
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


def register(actor: User, key: UUID, new: NewHousehold) -> trail.Done:
    """A household with its people. A minor alone stops here: no bed, a task for the youth office.

    German: Haushalt erfassen
    """

    def do(act: Act) -> None:
        ages = [age_on(p.born, clock.today()) for p in new.people]
        kind = kind_of(ages, new.size_stated or 0)
        household = Household.objects.create(
            key=f"H-{next_number('household'):04}", kind=kind, group=new.group,
            arrived_on=new.arrived_on, district=new.district, hosted=False,
            protected=new.protected, responsible=new.responsible,
            responsible_from=new.arrived_on, size_stated=new.size_stated, recorded_at=act.at,
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

    return trail.once(actor, key, "register", do)


def stop_minor(act: Act, household: Household) -> None:
    """German: Unbegleitete Minderjährige, §§ 42 ff. SGB VIII: an das Jugendamt"""
    from vorort.web.tasks.actions import add

    office = Office.objects.filter(key__in=(YOUTH_OFFICE, household.responsible or ""))
    chosen = office.filter(key=YOUTH_OFFICE).first() or office.first() or act.actor.office
    add(act, "unaccompanied_minor", chosen, clock.today(), household=household)


def add_person(
    act: Act, household: Household, new: Newcomer, of: NewHousehold | None = None
) -> Person:
    """A person with name, membership and legal basis; what was entered goes into the trail."""
    number = (Person.objects.aggregate(n=Max("number"))["n"] or 0) + 1
    person = Person.objects.create(
        number=number, key=f"P-{next_number('person'):05}", sex=new.sex, recorded_at=act.at,
        born=None if new.born is None else KINDS["born"].write(new.born),
        language=of.language if of else "",
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
    facts = {"born": (None, person.born), "sex": (None, person.sex), "name": (None, new.given)}
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
    row = Counter.objects.select_for_update().filter(name=name).first()
    if row is None:
        table: Any = Household if name == "household" else Person
        used = [
            int(digits) for key in table.objects.values_list("key", flat=True)
            if (digits := key.split("-")[-1]).isdigit()
        ]  # fmt: skip
        row = Counter(name=name, last=max(used, default=0))
    row.last += 1
    row.save()
    return row.last


# ---- later changes ------------------------------------------------------------------------------


def change_person(actor: User, key: UUID, person: Person, values: dict[str, Any]) -> trail.Done:
    """Correct what is recorded about somebody; the old value stays in the trail."""

    def do(act: Act) -> None:
        row = Person.objects.select_for_update().get(pk=person.pk)
        before = trail.fields_of(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        after = trail.fields_of(row)
        trail.changed(act, "person", row.key, trail.between(before, after), subject=row.pk)

    return trail.once(actor, key, "person_change", do)


def add_name(actor: User, key: UUID, person: Person, family: str, given: str) -> trail.Done:
    """Another spelling. German: weitere Schreibweise"""

    def do(act: Act) -> None:
        name_person(person, family, given)
        facts = {"name": (None, f"{given} {family}".strip())}
        trail.changed(act, "name", person.key, facts, subject=person.pk)

    return trail.once(actor, key, "name_add", do)


def add_legal(
    actor: User, key: UUID, person: Person, name: str, start: date | None, end: date | None,
    opens_claim: bool,
) -> trail.Done:  # fmt: skip
    """A legal basis from a day on; two may overlap, one opens the claim. German: Aufenthalt"""

    def do(act: Act) -> None:
        if opens_claim:
            LegalBasis.objects.filter(person=person).update(opens_claim=False)
        row = LegalBasis.objects.create(
            person=person, name=name, valid_from=start, valid_until=end, opens_claim=opens_claim
        )
        facts = trail.between({}, trail.fields_of(row, "person_id"))
        trail.changed(act, "legal_basis", row.pk, facts, subject=person.pk)

    return trail.once(actor, key, "legal_add", do)


def end_legal(actor: User, key: UUID, basis: int, person: Person, on: date) -> trail.Done:
    """A legal basis ends on a day."""

    def do(act: Act) -> None:
        row = LegalBasis.objects.select_for_update().get(pk=basis, person=person)
        facts = {"valid_until": (row.valid_until, on)}
        row.valid_until = on
        row.save()
        trail.changed(act, "legal_basis", row.pk, facts, subject=person.pk)

    return trail.once(actor, key, "legal_end", do)


def add_need(actor: User, key: UUID, person: Person, code: str, expires: date) -> trail.Done:
    """A need with an end; it then has to be looked at again."""

    def do(act: Act) -> None:
        if expires <= clock.today():
            raise Refused([
                Problem(
                    "", "Das Ende liegt nicht in der Zukunft.", "The end is not in the future.",
                    "Einen späteren Tag wählen.", "Choose a later day.", column="expires",
                )
            ])  # fmt: skip
        row = Need.objects.create(person=person, code=code, since=clock.today(), expires=expires)
        facts = {"code": (None, code), "expires": (None, expires)}
        trail.changed(act, "need", row.pk, facts, subject=person.pk)

    return trail.once(actor, key, "need_add", do)


def end_need(actor: User, key: UUID, need: int, person: Person) -> trail.Done:
    """The need is over."""

    def do(act: Act) -> None:
        row = Need.objects.get(pk=need, person=person)
        trail.changed(act, "need", row.pk, {"code": (row.code, None)}, subject=person.pk)
        row.delete()

    return trail.once(actor, key, "need_end", do)


def on_household(
    actor: User, key: UUID, kind: str, household: Household, change: Callable[[Household], None]
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

    return trail.once(actor, key, kind, do)


def ages_of(people: Iterable[Person], today: date) -> list[int | None]:
    """Ages in years on a day; None where unknown."""
    return [age_on(KINDS["born"].read(p.born) if p.born else None, today) for p in people]


def tidy(people: Sequence[Newcomer]) -> tuple[Newcomer, ...]:
    """Rows of the form in which something stands."""
    return tuple(p for p in people if p.given or p.born or p.sex)
