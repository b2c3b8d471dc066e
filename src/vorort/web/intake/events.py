"""What happens in a family: birth, separation, joining, departure, death, return.

German: Ereignisse

The ledger decides what follows for the places; here its new rows are written. None of it is ever
refused for want of places: that is a state, and it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from vorort.files.cells import KINDS
from vorort.ledger import BEDS, Ledger, acts
from vorort.ledger.acts import Entry
from vorort.problems import Problem, Refused
from vorort.web import bridge, clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.intake import along
from vorort.web.intake.actions import members_on, name_person, next_number, rekind
from vorort.web.intake.models import Household, Membership, Person
from vorort.web.placing import actions as placing
from vorort.web.placing import locks
from vorort.web.placing.models import Stay

Change = Callable[[Ledger, Entry], Ledger]


def birth(
    actor: User, key: UUID, parent: Person, born: date, sex: str | None, given: str
) -> trail.Done:
    """A child is born; it sleeps where its parent sleeps. German: Geburt"""

    def do(act: Act) -> None:
        child = f"P-{next_number('person'):05}"
        _write(act, actor, [parent], lambda ledger, entry: acts.birth(
            ledger, parent.key, child, born, entry, sex  # type: ignore[arg-type]
        ))  # fmt: skip
        row = Person.objects.get(key=child)
        families = parent.names.values_list("family", flat=True)
        name_person(row, next(iter(families), ""), given)
        Membership.objects.filter(person=row).update(relation="child")
        homes = Household.objects.filter(membership__person=row)
        _look_again(act, *homes)

    return trail.once(actor, key, "birth", do)


def separate(
    actor: User, key: UUID, household: Household, people: Sequence[Person], on: date, reason: str
) -> trail.Done:
    """Some members form their own household; where they sleep does not change by itself."""

    def do(act: Act) -> None:
        members = list(Person.objects.filter(membership__household=household))
        new = f"H-{next_number('household'):04}"
        names = [p.key for p in people]
        _write(act, actor, members, lambda ledger, entry: acts.separation(
            ledger, household.key, names, new, on, reason, entry
        ))  # fmt: skip
        made = Household.objects.get(key=new)
        trail.changed(act, "household", made.pk, {"key": (None, new)})
        along.take_along(act, people, household, made)
        _look_again(act, household, made)

    return trail.once(actor, key, "separation", do, reason)


def join(actor: User, key: UUID, person: Person, household: Household, on: date) -> trail.Done:
    """Somebody belongs to another household from a day on. German: Familienzusammenführung"""

    def do(act: Act) -> None:
        locks.lock([person.pk], [])
        _move(act, [person], household, on)

    return trail.once(actor, key, "join", do)


def together(
    actor: User, key: UUID, household: Household, other: Household, on: date
) -> trail.Done:
    """Everybody of a household belongs to another from a day on: a family is together again, or
    two want to be placed as one. Where they sleep does not change by itself.

    German: Haushalte zusammenführen
    """

    def do(act: Act) -> None:
        people = members_on(household, on)
        locks.lock([p.pk for p in people], [])
        if not people:
            raise Refused([
                Problem(
                    "", "In diesem Haushalt ist an diesem Tag niemand.",
                    "Nobody is in this household on that day.",
                    "Tag prüfen.", "Check the day.", column="on",
                )
            ])  # fmt: skip
        _move(act, people, other, on)

    return trail.once(actor, key, "together", do)


def _move(act: Act, people: Sequence[Person], household: Household, on: date) -> None:
    """Memberships end and begin; who was protected protects the others too."""
    left: list[Household] = []
    before = Household.objects.filter(
        membership__person__in=people, membership__member_until__isnull=True
    )
    along.refuse_excluded(before.distinct(), household)
    for person in people:
        now = Membership.objects.filter(person=person, member_until__isnull=True)
        homes = [m.household for m in now.select_related("household")]
        if household in homes:
            raise Refused([
                Problem(
                    "", "Die Person gehört schon zu diesem Haushalt.",
                    "The person belongs to this household already.",
                    "Einen anderen Haushalt angeben.", "Name another household.",
                    column="household",
                )
            ])  # fmt: skip
        now.update(member_until=on, reason="joined")
        Membership.objects.create(
            person=person, household=household, member_from=on, reason="joined"
        )
        facts = {"household": (", ".join(h.key for h in homes), household.key)}
        trail.changed(act, "membership", person.key, facts, subject=person.pk)
        left += homes
    if any(h.protected for h in left) and not household.protected:
        household.protected = True
        household.save(update_fields=["protected"])
        for member in Person.objects.filter(membership__household=household).distinct():
            facts_ = {"protected": (False, True)}
            trail.changed(act, "household", household.pk, facts_, subject=member.pk)
    for home in dict.fromkeys(left):
        along.take_along(act, people, home, household)
    _look_again(act, household, *left)


def grown(actor: User, key: UUID, household: Household) -> trail.Done:
    """The 18th birthday of who was alone: places may be given again. German: Volljährigkeit"""

    def do(act: Act) -> None:
        row = Household.objects.select_for_update().get(pk=household.pk)
        rekind(act, row)
        if row.kind == "uam":
            raise Refused([
                Problem(
                    "", "Jemand ist noch minderjährig, das Alter ist strittig oder unbekannt.",
                    "Somebody is still a minor, or the age is in dispute or unknown.",
                    "Geburtsdatum bei der Person prüfen.",
                    "Check the date of birth at the person.",
                )
            ])  # fmt: skip

    return trail.once(actor, key, "grown", do)


def _look_again(act: Act, *households: Household) -> None:
    """What kind of household is it now? Children alone stop."""
    for pk in dict.fromkeys(h.pk for h in households):
        rekind(act, Household.objects.select_for_update().get(pk=pk))


def depart(actor: User, key: UUID, person: Person, on: date, reason: str) -> trail.Done:
    """Somebody leaves or dies: stays end on the day, what had not begun is taken back.

    German: Fortzug, Tod
    """

    def do(act: Act) -> None:
        locks.lock([person.pk], [])
        mine = Stay.objects.filter(person=person, domain=BEDS).filter(
            Q(until__isnull=True) | Q(until__gt=on)
        )
        inside = list(mine.filter(status__in=("moved_in", "absent"), from_on__lte=on))
        later = list(mine.filter(status__in=("held", "confirmed")))

        def change(ledger: Ledger, entry: Entry) -> Ledger:
            if inside:
                ledger = acts.move_out(ledger, [s.key for s in inside], on, reason, entry)
            if later:
                ledger = acts.cancel(ledger, [s.key for s in later], reason, entry)
            return ledger

        _write(act, actor, [person], change)
        _gone(act, person, on, reason)
        homes = Household.objects.filter(membership__person=person)
        _look_again(act, *homes.filter(membership__member_until__isnull=True))

    return trail.once(actor, key, "departure", do, reason)


def come_back(actor: User, key: UUID, person: Person, on: date) -> trail.Done:
    """Somebody who had left is here again; a place is asked for anew. German: Rückkehr"""

    def do(act: Act) -> None:
        _gone(act, person, None, None)
        if not Membership.objects.filter(person=person, member_until__isnull=True).exists():
            last = Membership.objects.filter(person=person).order_by("-member_until").first()
            if last is not None:
                Membership.objects.create(
                    person=person, household=last.household, member_from=on, reason="return"
                )
        homes = Household.objects.filter(membership__person=person)
        _look_again(act, *homes.filter(membership__member_until__isnull=True))

    return trail.once(actor, key, "return", do)


def _gone(act: Act, person: Person, on: date | None, reason: str | None) -> None:
    row = Person.objects.select_for_update().get(pk=person.pk)
    facts = {"left_on": (row.left_on, on), "left_reason": (row.left_reason, reason)}
    row.left_on, row.left_reason = on, reason
    row.save()
    trail.changed(act, "person", row.key, facts, subject=row.pk)


def _write(act: Act, actor: User, people: Sequence[Person], change: Change) -> None:
    """Lock, read, ask the ledger, and write people, memberships and versions of stays."""
    ids = [p.pk for p in people]
    stays = Stay.objects.filter(person__in=ids, unit__isnull=False)
    sites = locks.lock(ids, stays.values_list("unit_id", flat=True))
    ledger = bridge.around(sites, ids)
    entry = Entry(placing.not_before(act, ledger, tuple(ids)), actor.office.key, clock.today())
    after = change(ledger, entry)
    _households(ledger, after)
    _persons(act, ledger, after)
    _memberships(act, ledger, after)
    placing.write_versions(act, ledger, after)


def _households(before: Ledger, after: Ledger) -> None:
    for noun in after.households[len(before.households) :]:
        Household.objects.create(**bridge.row_of(noun, bridge.HOUSEHOLD, {}))


def _persons(act: Act, before: Ledger, after: Ledger) -> None:
    number = Person.objects.aggregate(n=Max("number"))["n"] or 0
    for noun in after.persons[len(before.persons) :]:
        number += 1
        row = Person.objects.create(number=number, **bridge.row_of(noun, bridge.PERSON, {}))
        born = KINDS["born"].write(noun.born) if noun.born else None
        trail.changed(act, "person", row.key, {"born": (None, born)}, subject=row.pk)


def _memberships(act: Act, before: Ledger, after: Ledger) -> None:
    """Rows that ended, and new ones."""
    for old, new in zip(before.memberships, after.memberships, strict=False):
        if old != new:
            rows = Membership.objects.filter(
                person__key=old.person, household__key=old.household, member_from=old.member_from
            )
            rows.update(member_until=new.member_until)
            _note(act, new.person, old.household, None)
    for new in after.memberships[len(before.memberships) :]:
        Membership.objects.create(
            person=Person.objects.get(key=new.person),
            household=Household.objects.get(key=new.household),
            member_from=new.member_from, member_until=new.member_until, reason=new.reason,
        )  # fmt: skip
        _note(act, new.person, None, new.household)


def _note(act: Act, person: str, old: Any, new: Any) -> None:
    subject = Person.objects.get(key=person).pk
    trail.changed(act, "membership", person, {"household": (old, new)}, subject=subject)
