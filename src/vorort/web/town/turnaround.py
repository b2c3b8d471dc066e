"""After a move-out: cleaning, repair, keys. German: Wechsel

The unit is blocked until somebody has done it; nothing comes free by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from vorort.ledger import Ledger, occupancy
from vorort.ledger.acts import Entry, block
from vorort.web import bridge, clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.placing import locks
from vorort.web.tasks.models import Task
from vorort.web.town import models as town

KINDS = ("cleaning", "repair", "keys")
DAYS = {"cleaning": 2, "repair": 14, "keys": 1}  # what is due when nobody says otherwise


def after_move_out(
    act: Act,
    units: Iterable[str],
    on: date,
    kinds: Iterable[str],
    *,
    office: town.Office | None = None,
    due: date | None = None,
    note: str = "",
) -> None:
    """Tasks for whoever does it (``office``; else the owner) by ``due``, and a block of each unit
    that is empty from ``on``.

    Called within the move-out's transaction. A unit in which somebody stays is not blocked.
    """
    chosen = [k for k in kinds if k in KINDS]
    if not chosen:
        return
    from vorort.web.tasks.actions import add

    rows = town.Unit.objects.filter(key__in=set(units)).select_related("facility__owner")
    for unit in rows.order_by("key"):
        for kind in chosen:
            add(
                act, kind, office or unit.facility.owner, due or on + timedelta(days=DAYS[kind]),
                unit=unit, note=note,
            )  # fmt: skip
        ledger = bridge.sites_between([unit.facility_id], on, on + timedelta(days=1))
        state = occupancy(ledger, on, today=clock.today()).units[unit.key]
        if state.used == 0 and state.open:
            entry = Entry(act.at, unit.facility.owner.key, clock.today())
            rows_made = write_events(
                ledger, block(ledger, unit.key, on, entry, reason=f"turnaround: {chosen[0]}")
            )
            for row in rows_made:
                facts = trail.between({}, trail.fields_of(row))
                trail.changed(act, "capacity_event", row.key, facts)


def begin(
    actor: User,
    key: UUID,
    units: Iterable[str],
    kinds: Iterable[str],
    on: date,
    due: date | None,
    office: town.Office | None,
    note: str,
) -> trail.Done:
    """Cleaning, repair or keys also without a move-out: damage reported by whoever is there."""
    names = tuple(units)

    def do(act: Act) -> None:
        rows = list(town.Unit.objects.filter(key__in=names).values_list("pk", flat=True))
        locks.lock((), rows)
        after_move_out(act, names, on, kinds, office=office, due=due, note=note)
        for row in rows:
            trail.changed(act, "unit", row, {"turnaround": (None, " ".join(kinds))})

    return trail.once(actor, key, "turnaround", do)


def release(act: Act, task: Task) -> None:
    """The last task of a turnaround was done: the unit is free again from today."""
    unit = task.unit
    if unit is None or task.kind not in KINDS:
        return
    left = Task.objects.filter(unit=unit, kind__in=KINDS, done_by__isnull=True)
    if left.exclude(pk=task.pk).exists():
        return
    locks.lock((), [unit.pk])
    today = clock.today()
    waiting = town.CapacityEvent.objects.filter(
        target=unit.key, kind="block", until__isnull=True, reason__startswith="turnaround"
    )
    for row in waiting:
        # An end for a block that had none, not another event: one that lifts it on the day it
        # began would come before it (the ledger lifts first, then blocks).
        before = trail.fields_of(row)
        row.until = max(row.date, today)
        row.save()
        after = trail.fields_of(row)
        trail.changed(act, "capacity_event", row.key, trail.between(before, after))


def new_event_keys(kind: str, count: int = 1) -> list[str]:
    """Ids no event of the register has."""
    taken = set(town.CapacityEvent.objects.filter(key__startswith=f"{kind}-")
                .values_list("key", flat=True))  # fmt: skip
    n = len(taken)
    found: list[str] = []
    while len(found) < count:
        n += 1
        if f"{kind}-{n}" not in taken:
            found.append(f"{kind}-{n}")
    return found


def write_events(before: Ledger, after: Ledger) -> list[town.CapacityEvent]:
    """Rows for the events an act has added; ids are made new where the register has them."""
    found = []
    for event in after.capacity_events[len(before.capacity_events) :]:
        columns = bridge.row_of(event, bridge.EVENT, {})
        if town.CapacityEvent.objects.filter(key=event.id).exists():
            columns["key"] = new_event_keys(event.kind)[0]
        found.append(town.CapacityEvent.objects.create(**columns))
    return found
