"""What is known of a person, corrected, added and ended. German: Angaben zur Person"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from vorort.ledger.names import sounds
from vorort.problems import Problem, Refused
from vorort.web import clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.intake.actions import name_person, rekind
from vorort.web.intake.models import (
    Household,
    LegalBasis,
    Membership,
    Need,
    Person,
    Vulnerability,
)


def change_person(
    actor: User,
    key: UUID,
    household: Household,
    person: Person,
    values: Mapping[str, Any],
    name: tuple[str, str] | None = None,
    relation: str | None = None,
) -> trail.Done:
    """Correct what is recorded about somebody; the old value stays in the trail. ``name``: family
    and given name as they should be; other spellings stay."""

    def do(act: Act) -> None:
        row = Person.objects.select_for_update().get(pk=person.pk)
        before = trail.fields_of(row)
        for field, value in values.items():
            setattr(row, field, value)
        row.save()
        after = trail.fields_of(row)
        trail.changed(act, "person", row.key, trail.between(before, after), subject=row.pk)
        if name is not None:
            _rename(act, row, *name)
        if relation is not None:
            member = Membership.objects.filter(person=row, household=household).order_by("-id")[0]
            said = {"relation": (member.relation, relation)}
            member.relation = relation
            member.save(update_fields=["relation"])
            trail.changed(act, "membership", row.key, said, subject=row.pk)
        rekind(act, Household.objects.get(pk=household.pk))

    return trail.once(actor, key, "person_change", do)


def _rename(act: Act, person: Person, family: str, given: str) -> None:
    """The first name recorded is the one shown; it is corrected, not added to."""
    row = person.names.order_by("id").first()
    facts: dict[str, tuple[Any, Any]]
    if row is None:
        name_person(person, family, given)
        facts = {"name": (None, f"{given} {family}".strip())}
    else:
        facts = {"name": (str(row), f"{given} {family}".strip())}
        row.family, row.given = family, given
        row.sound = " ".join(sounds(family, given))
        row.save()
    trail.changed(act, "name", person.key, facts, subject=person.pk)


def end_name(actor: User, key: UUID, person: Person, number: int) -> trail.Done:
    """A spelling that was wrong goes; the last name stays."""

    def do(act: Act) -> None:
        row = person.names.filter(pk=number).first()
        if row is None or person.names.count() < 2:
            raise Refused([
                Problem(
                    "", "Der einzige Name bleibt.", "The only name stays.",
                    "Ihn unter Angaben berichtigen.", "Correct it under facts.",
                )
            ])  # fmt: skip
        trail.changed(act, "name", person.key, {"name": (str(row), None)}, subject=person.pk)
        row.delete()

    return trail.once(actor, key, "name_end", do)


def appoint(
    actor: User, key: UUID, person: Person, guardian: str, since: date | None
) -> trail.Done:
    """Who is guardian from a day on; nobody: it has ended. German: Vormundschaft"""
    from vorort.web.tasks.models import Task

    def do(act: Act) -> None:
        row = Person.objects.select_for_update().get(pk=person.pk)
        before = trail.fields_of(row)
        row.guardian, row.guardian_since = guardian, since if guardian else None
        row.save()
        after = trail.fields_of(row)
        trail.changed(act, "person", row.key, trail.between(before, after), subject=row.pk)
        if guardian:
            waiting = Task.objects.filter(kind="guardian", person=row, done_by__isnull=True)
            waiting.update(done_by=act, done_reason="done")

    return trail.once(actor, key, "guardian", do)


def add_name(actor: User, key: UUID, person: Person, family: str, given: str) -> trail.Done:
    """Another spelling. German: weitere Schreibweise"""

    def do(act: Act) -> None:
        name_person(person, family, given)
        facts = {"name": (None, f"{given} {family}".strip())}
        trail.changed(act, "name", person.key, facts, subject=person.pk)

    return trail.once(actor, key, "name_add", do)


def add_legal(
    actor: User, key: UUID, people: Sequence[Person], name: str, start: date | None,
    end: date | None, opens_claim: bool,
) -> trail.Done:  # fmt: skip
    """A legal basis from a day on, of one person or a whole family; two may overlap, one opens the
    claim. German: Aufenthalt"""

    def do(act: Act) -> None:
        for person in people:
            if opens_claim:
                for other in LegalBasis.objects.filter(person=person, opens_claim=True):
                    LegalBasis.objects.filter(pk=other.pk).update(opens_claim=False)
                    was = {"opens_claim": (True, False)}
                    trail.changed(act, "legal_basis", other.pk, was, subject=person.pk)
            row = LegalBasis.objects.create(
                person=person, name=name, valid_from=start, valid_until=end,
                opens_claim=opens_claim,
            )  # fmt: skip
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
    return _add(actor, key, Need, person, code, expires)


def end_need(actor: User, key: UUID, number: int, person: Person) -> trail.Done:
    """The need is over."""
    return _end(actor, key, Need, number, person)


def add_vulnerability(
    actor: User, key: UUID, person: Person, code: str, expires: date
) -> trail.Done:
    """Why somebody needs care, with an end; it then has to be looked at again."""
    return _add(actor, key, Vulnerability, person, code, expires)


def end_vulnerability(actor: User, key: UUID, number: int, person: Person) -> trail.Done:
    """It is over, or was wrong."""
    return _end(actor, key, Vulnerability, number, person)


Restricted = type[Need] | type[Vulnerability]
CALLED: dict[Restricted, str] = {Need: "need", Vulnerability: "vulnerability"}  # in the trail


def _add(
    actor: User, key: UUID, table: Restricted, person: Person, code: str, expires: date
) -> trail.Done:
    def do(act: Act) -> None:
        _refuse_past(expires)
        row = table.objects.create(person=person, code=code, since=clock.today(), expires=expires)
        facts = {"code": (None, code), "expires": (None, expires)}
        trail.changed(act, CALLED[table], row.pk, facts, subject=person.pk)

    return trail.once(actor, key, f"{CALLED[table]}_add", do)


def _end(actor: User, key: UUID, table: Restricted, number: int, person: Person) -> trail.Done:
    def do(act: Act) -> None:
        row = table.objects.filter(pk=number, person=person).first()
        if row is not None:
            facts = {"code": (row.code, None)}
            trail.changed(act, CALLED[table], row.pk, facts, subject=person.pk)
            row.delete()

    return trail.once(actor, key, f"{CALLED[table]}_end", do)


def _refuse_past(expires: date) -> None:
    if expires <= clock.today():
        raise Refused([
            Problem(
                "", "Das Ende liegt nicht in der Zukunft.", "The end is not in the future.",
                "Einen späteren Tag wählen.", "Choose a later day.", column="expires",
            )
        ])  # fmt: skip
