"""How many places a group has, as an office reports it on a day. German: Platzmeldung"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from vorort.ledger import Ledger
from vorort.ledger.acts import Entry, record_event
from vorort.ledger.capacity import CapacityPlan
from vorort.vocabulary import CapacityEvent
from vorort.web import bridge, bulk, clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.placing import locks
from vorort.web.tasks.actions import add
from vorort.web.town import turnaround
from vorort.web.town.models import CapacityEvent as EventRow
from vorort.web.town.models import Unit

FIELDS = ("reported_by", "reported_on", "other_places", "other_by", "other_on")


@dataclass(frozen=True, slots=True)
class Reported:
    """A group or another unit by its key, its places, and since when."""

    unit: str
    places: int
    on: date


def report(actor: User, key: UUID, reported: Reported) -> trail.Done:
    """A figure as reported by an office on a day."""
    return trail.once(actor, key, "report", lambda act: write_reports(act, actor, [reported]))


def write_reports(act: Act, actor: User, reported: Sequence[Reported]) -> None:
    """The owner's figure counts; another's stands beside it, and where they differ somebody has
    to find out. Each site is read once, and what a figure changes in it goes on with the next."""
    chosen = Unit.objects.filter(key__in={r.unit for r in reported})
    locks.lock((), chosen.values_list("pk", flat=True))
    rows = {
        row.key: row
        for row in chosen.select_related("facility__owner").select_for_update(of=("self",))
    }
    before = {row.key: trail.fields_of(row) for row in rows.values()}
    sites: dict[int, Ledger] = {}
    keys = iter(turnaround.new_event_keys("step", len(reported)))
    entry = Entry(act.at, actor.office.key, clock.today())
    steps: list[CapacityEvent] = []
    for r in reported:
        row = rows[r.unit]
        site = row.facility_id
        ledger = sites.get(site) or bridge.site_alone(site)
        standing = CapacityPlan(ledger).site(row.facility.key, r.on).units[r.unit].nominal
        if row.facility.owner_id == actor.office.pk:
            row.reported_by, row.reported_on = actor.office.key, r.on
            if r.places != standing:
                more = r.places - standing
                step = CapacityEvent(
                    next(keys), r.unit, r.on, "step", "decided", more, reason="reported"
                )
                ledger = record_event(ledger, step, entry)
                steps.append(ledger.capacity_events[-1])
        else:
            row.other_places, row.other_by, row.other_on = r.places, actor.office.key, r.on
            if r.places != standing:
                add(act, "two_figures", row.facility.owner, clock.today(), unit=row)
        sites[site] = ledger
    events = EventRow.objects.bulk_create(
        EventRow(**bridge.row_of(step, bridge.EVENT, {})) for step in steps
    )
    trail.changed_places(act, "capacity_event", (
        (event.key, trail.between({}, trail.fields_of(event))) for event in events
    ))  # fmt: skip
    bulk.change(Unit, ({"id": u.pk, **{n: getattr(u, n) for n in FIELDS}} for u in rows.values()))
    trail.changed_places(act, "unit", (
        (row.pk, trail.between(before[row.key], trail.fields_of(row))) for row in rows.values()
    ))  # fmt: skip


def take_back(act: Act, reported_in: int, units: Sequence[str]) -> list[str]:
    """The figures reported before an act count again; units of which somebody has reported since
    stay as they are, and are named."""
    rows = list(Unit.objects.filter(key__in=units).order_by("pk"))
    numbers = [str(row.pk) for row in rows]
    told = ActValue.objects.filter(table="unit", row__in=numbers, subject__isnull=True)
    later = set(told.filter(act_id__gt=reported_in).values_list("row", flat=True))
    taken = [row for row in rows if str(row.pk) not in later]
    before = {row.pk: trail.fields_of(row) for row in taken}
    was: dict[str, dict[str, Any]] = {}
    for value in told.filter(act_id=reported_in):
        was.setdefault(value.row, {})[value.field] = value.old
    for row in taken:
        for field, old in was.get(str(row.pk), {}).items():
            setattr(row, field, row._meta.get_field(field).to_python(old))
    bulk.change(Unit, ({"id": u.pk, **{n: getattr(u, n) for n in FIELDS}} for u in taken))
    made = ActValue.objects.filter(act_id=reported_in, table="capacity_event").values("row")
    events = EventRow.objects.filter(
        key__in=made, target__in=[row.key for row in taken], kind="step"
    )
    trail.changed_places(act, "capacity_event", [
        (event.key, trail.between(trail.fields_of(event), {})) for event in events.order_by("id")
    ])  # fmt: skip
    events.delete()
    trail.changed_places(act, "unit", (
        (row.pk, trail.between(before[row.pk], trail.fields_of(row))) for row in taken
    ))  # fmt: skip
    return [row.key for row in rows if str(row.pk) in later]
