"""Asking for a place and answering. One intent, one transaction, one entry. German: Anfragen"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from vorort.ledger import Ledger, acts
from vorort.ledger.acts import Entry
from vorort.problems import Problem, Refused
from vorort.web import clock
from vorort.web.accounts import trail, transfers
from vorort.web.accounts.models import Act, User
from vorort.web.intake.models import Household, Person
from vorort.web.placing.actions import act_on
from vorort.web.requests.models import OPEN, Request
from vorort.web.town.models import Office, Unit

REASONS = ("full", "unsuitable", "closing", "unclear", "other")


def _refuse(de: str, en: str, remedy_de: str, remedy_en: str, column: str = "") -> Problem:
    return Problem("", de, en, remedy_de, remedy_en, column=column)


def ask(
    actor: User, key: UUID, people: Iterable[Person], unit: Unit, wanted_from: date, due: date
) -> trail.Done:
    """Ask the office that owns a unit for a place for each person. German: anfragen"""
    chosen = list(people)

    def do(act: Act) -> None:
        refuse_if(_ask_problems(chosen, unit, wanted_from, due))
        _write(act, actor.office, chosen, unit, wanted_from, due)

    return trail.once(actor, key, "request_made", do)


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise `Refused` with every problem together."""
    found = list(problems)
    if found:
        raise Refused(found)


def _ask_problems(
    people: list[Person], unit: Unit, wanted_from: date, due: date
) -> Iterable[Problem]:
    if not people:
        yield _refuse(
            "Es ist niemand ausgewählt.",
            "Nobody was chosen.",
            "Wenigstens eine Person ankreuzen.",
            "Tick at least one person.",
            "person",
        )
    if unit.per != "place":
        yield _refuse(
            f"{unit.key} hat keine Plätze, sondern Termine.",
            f"{unit.key} has no places but appointments.",
            "Eine Gruppe oder einen Kurs wählen.",
            "Choose a group or course.",
            "unit",
        )
    if due < clock.today():
        yield _refuse(
            "Die Antwort kann nicht vor heute erbeten werden.",
            "An answer cannot be asked for before today.",
            "Einen späteren Tag wählen.",
            "Choose a later day.",
            "due",
        )
    for person in people:
        if Request.objects.filter(person=person, domain=unit.domain, status__in=OPEN).exists():
            yield _refuse(
                f"Für {person.key} läuft schon eine Anfrage in diesem Feld.",
                f"There is an open request for {person.key} in this field.",
                "Antwort abwarten oder zurückziehen.",
                "Wait for the answer, or withdraw.",
            )


def _write(
    act: Act, asker: Office, people: list[Person], unit: Unit, wanted_from: date, due: date
) -> None:
    owner = unit.facility.owner
    for person in people:
        row = Request.objects.create(
            person=person,
            domain=unit.domain,
            unit=unit,
            asker=asker,
            owner=owner,
            wanted_from=wanted_from,
            due=due,
            made_by=act,
        )
        trail.changed(
            act,
            "request",
            row.pk,
            {"status": (None, "open"), "unit": (None, unit.key)},
            subject=person.pk,
        )
        if asker != owner:
            fields = transfers.allowed(transfers.ASKED, is_protected(person))
            transfers.note(act, owner, "request", fields, [person])


def is_protected(person: Person) -> bool:
    """Does a person belong to a protected household?"""
    return Household.objects.filter(
        membership__person=person, membership__member_until__isnull=True, protected=True
    ).exists()


def _open(number: int, *states: str, owner: Office | None = None) -> Request:
    """A request in one of the states, locked; raises `Refused`. ``owner``: who is about to answer,
    and whose it was when the page was shown."""
    row = (
        Request.objects.select_for_update(of=("self",))
        .select_related("person", "unit", "owner", "asker")
        .get(pk=number)
    )
    if row.status not in states:
        raise Refused(
            [
                _refuse(
                    "Diese Anfrage ist inzwischen beantwortet.",
                    "This request has been answered since.",
                    "Seite neu laden.",
                    "Reload the page.",
                )
            ]
        )
    if owner is not None and row.owner_id != owner.pk:
        raise Refused(
            [
                _refuse(
                    f"Der Platz gehört inzwischen {row.owner.name}.",
                    f"The place belongs to {row.owner.name} by now.",
                    "Diese Stelle antwortet.",
                    "That office answers.",
                )
            ]
        )
    return row


def _set(act: Act, row: Request, **values: Any) -> None:
    before = {n: getattr(row, n) for n in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.answered_by = act
    row.save()
    told = {
        n: (getattr(o, "key", o), getattr(values[n], "key", values[n])) for n, o in before.items()
    }
    trail.changed(act, "request", row.pk, told, subject=row.person_id)


def confirm(actor: User, key: UUID, number: int, unit: Unit, from_: date) -> trail.Done:
    """The owner says yes: the place is given. German: zusagen"""
    return _grant(actor, key, number, "request_confirm", "open", unit, from_, actor.office)


def accept(actor: User, key: UUID, number: int) -> trail.Done:
    """The asker takes the counter-offer; the owner has said yes to it already. German: annehmen"""
    row = Request.objects.select_related("offer_unit", "owner").get(pk=number)
    unit = row.offer_unit
    if unit is None or row.offer_from is None:
        raise Refused(
            [
                _refuse(
                    "Es gibt kein Gegenangebot.",
                    "There is no counter-offer.",
                    "Seite neu laden.",
                    "Reload the page.",
                )
            ]
        )
    return _grant(
        actor, key, number, "request_accept", "countered", unit, row.offer_from, row.owner
    )


def _grant(
    actor: User,
    key: UUID,
    number: int,
    kind: str,
    state: str,
    unit: Unit,
    from_: date,
    owner: Office,
) -> trail.Done:
    person = Request.objects.select_related("person").get(pk=number).person

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        _open(number, state, owner=owner)
        return acts.grant(
            ledger, person.key, unit.key, from_, Entry(entry.at, owner.key, entry.today)
        )

    def after(act: Act) -> None:
        row = _open(number, state, owner=owner)
        _set(act, row, status="confirmed", offer_unit=unit, offer_from=from_)
        if row.asker_id != row.owner_id:
            transfers.note(act, row.owner, "confirmed", transfers.GIVEN, [person])

    return act_on(actor, key, kind, [person.pk], [unit.pk], change, after=after)


def refuse(actor: User, key: UUID, number: int, reason: str, note: str) -> trail.Done:
    """The owner says no, with a reason; the home is not touched. German: ablehnen"""

    def do(act: Act) -> None:
        if reason not in REASONS:
            raise Refused(
                [
                    _refuse(
                        "Der Grund fehlt.",
                        "The reason is missing.",
                        "Einen Grund wählen.",
                        "Choose a reason.",
                        "reason",
                    )
                ]
            )
        row = _open(number, "open", owner=actor.office)
        _set(act, row, status="refused", reason=reason, note=note)

    return trail.once(actor, key, "request_refuse", do, reason)


def counter(
    actor: User, key: UUID, number: int, unit: Unit | None, from_: date, due: date
) -> trail.Done:
    """The owner offers another group or day; it waits for the asker. German: Gegenangebot"""

    def do(act: Act) -> None:
        row = _open(number, "open", owner=actor.office)
        offered = unit or row.unit
        if offered is None or offered.facility.owner_id != row.owner_id:
            raise Refused(
                [
                    _refuse(
                        "Diese Gruppe gehört einer anderen Stelle.",
                        "This group belongs to another office.",
                        "Eine eigene wählen.",
                        "Choose one of your own.",
                        "unit",
                    )
                ]
            )
        if offered == row.unit and from_ == row.wanted_from:
            raise Refused(
                [
                    _refuse(
                        "Das Gegenangebot ist dasselbe wie die Anfrage.",
                        "The counter-offer is the same as the request.",
                        "Zusagen, oder etwas anderes anbieten.",
                        "Confirm, or offer something else.",
                    )
                ]
            )
        _set(act, row, status="countered", offer_unit=offered, offer_from=from_, due=due)

    return trail.once(actor, key, "request_counter", do)


def end(actor: User, key: UUID, number: int, how: str) -> trail.Done:
    """The asker declines a counter-offer, or withdraws what is no longer needed."""
    state, states = ("declined", ("countered",)) if how == "decline" else ("withdrawn", OPEN)

    def do(act: Act) -> None:
        _set(act, _open(number, *states), status=state)

    return trail.once(actor, key, f"request_{how}", do)


def asked_by_hold(act: Act, actor: User, beds: dict[str, str], expires: date, from_: date) -> None:
    """A hold on another office's bed is a request to it, within the hold's transaction."""
    for unit in Unit.objects.filter(key__in=set(beds.values())).select_related("facility__owner"):
        if unit.facility.owner_id == actor.office.pk:
            continue
        people = Person.objects.filter(key__in=[p for p, u in beds.items() if u == unit.key])
        free = people.exclude(requests__domain=unit.domain, requests__status__in=OPEN)
        _write(act, actor.office, list(free), unit, from_, expires)


def answered_by_stay(act: Act, stays: Iterable[Any], status: str) -> None:
    """What the owner has decided on the stay itself answers the request for it."""
    for stay in stays:
        rows = Request.objects.filter(
            person=stay.person_id, domain=stay.domain, unit=stay.unit_id, status__in=OPEN
        )
        for row in rows:
            _set(act, row, status=status)
