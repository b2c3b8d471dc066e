"""Requests to other offices as placement reads them, and from a folder into the register.

Not proposed again is what an office has been asked for, or has given: see `placement.gather`.
German: laufende Anfragen
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from vorort.ledger import BEDS
from vorort.vocabulary import LIVING
from vorort.vocabulary import Request as Asked
from vorort.web import clock
from vorort.web.accounts.models import Act
from vorort.web.intake.models import Person
from vorort.web.placing.models import Stay
from vorort.web.requests.models import OPEN, Request
from vorort.web.town.models import Office, Unit

COLUMNS = (
    "person__key", "domain", "asker__key", "owner__key", "status", "wanted_from", "due",
    "unit__key",
)  # fmt: skip


def requests() -> tuple[Asked, ...]:
    """Open ones, and those confirmed for a seat that is still held; a bed is held in the ledger."""
    held = Stay.objects.filter(
        person=OuterRef("person"), domain=OuterRef("domain"), unit__key=OuterRef("seat"),
        status__in=LIVING,
    ).exclude(until__lte=clock.today())  # fmt: skip
    given = Q(status="confirmed") & ~Q(domain=BEDS) & Exists(held)
    return _read(Q(status__in=OPEN) | given)


def open_requests() -> tuple[Asked, ...]:
    """Those that keep a seat from others now."""
    return _read(Q(status__in=OPEN))


def _read(wanted: Q) -> tuple[Asked, ...]:
    rows = Request.objects.filter(person__same_as__isnull=True).annotate(
        seat=Coalesce("offer_unit__key", "unit__key"), day=Coalesce("offer_from", "wanted_from")
    )
    found = rows.filter(wanted).order_by("id")
    return tuple(
        Asked(*row, *((seat, day) if row[4] != "open" else (None, None)))
        for *row, seat, day in found.values_list(*COLUMNS, "seat", "day")
    )


def load(found: Iterable[Asked], act: Act) -> None:
    """Write the requests of a folder into an empty register."""
    people = dict(Person.objects.values_list("key", "id"))
    units: dict[str | None, Any] = dict(Unit.objects.values_list("key", "id"))
    offices = dict(Office.objects.values_list("key", "id"))
    Request.objects.bulk_create(
        Request(
            person_id=people[r.person], domain=r.domain, unit_id=units.get(r.unit),
            asker_id=offices[r.asker], owner_id=offices[r.owner], status=r.status,
            wanted_from=r.wanted_from, due=r.due, offer_unit_id=units.get(r.offer_unit),
            offer_from=r.offer_from, made_by=act, answered_by=None if r.status == "open" else act,
        )
        for r in found
    )  # fmt: skip
