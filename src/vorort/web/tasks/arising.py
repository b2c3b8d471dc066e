"""Tasks that arise because a day has passed or comes near; once a night. German: Wiedervorlage

Nothing is decided or freed here: somebody gets a task, once for each occasion.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vorort.ledger import BEDS
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act
from vorort.web.deadlines import keeping
from vorort.web.deadlines.models import Due
from vorort.web.intake.models import Household
from vorort.web.placing.due import due_in
from vorort.web.placing.today import minors_alone
from vorort.web.tasks import days
from vorort.web.tasks.actions import add
from vorort.web.tasks.models import Task
from vorort.web.totals.now import sites_now
from vorort.web.town.models import Office, Site, Unit
from vorort.web.town.queries import notice_by


@dataclass(frozen=True)
class Occasion:
    """Why a task arises, whose it is, and since when the reason is known."""

    kind: str
    office: Office
    due: date
    about: dict[str, Any]
    since: datetime | None = None  # an earlier task for an earlier reason does not count


def occasions(today: date) -> Iterator[Occasion]:
    """Everything for which a task should be there tonight."""
    yield from _stays(today)
    yield from _leases(today)
    yield from _grown(today)


def arise(today: date) -> int:
    """Make the tasks that are not there yet; how many."""
    wanted = [o for o in occasions(today) if not _is_known(o)]
    if not wanted:
        return 0

    def do(act: Act) -> None:
        for o in wanted:
            add(act, o.kind, o.office, o.due, **o.about)
        trail.changed(act, "task", "", {"arisen": (None, len(wanted))})

    trail.once(None, uuid.uuid4(), "arise", do)
    return len(wanted)


def _is_known(o: Occasion) -> bool:
    """Open or done: the same occasion makes one task."""
    rows = Task.objects.filter(kind=o.kind, **o.about)
    if o.since is not None:
        rows = rows.filter(made_by__at__gte=o.since)
    return rows.exists()


def _stays(today: date) -> Iterator[Occasion]:
    """Kept places past their day, and people who did not come."""
    every = sites_now(Site.objects.values_list("pk", flat=True), today)
    late = days.span("did_not_come")
    rows = [
        ("kept_overdue" if d.kind == "kept" else "did_not_come", d.household, d.row)
        for d in due_in(every, today)
        if d.kind == "kept"
        or (d.kind == "absent" and d.row.from_ is not None and d.row.from_ + late <= today)
    ]
    units = {
        u.key: u
        for u in Unit.objects.filter(key__in={r.unit for _, _, r in rows}).select_related(
            "facility__owner"
        )
    }
    homes = {h.key: h for h in Household.objects.filter(key__in={key for _, key, _ in rows})}
    for kind, key, row in rows:
        unit, home = units[row.unit or ""], homes.get(key)
        if home is not None:
            about = {"household": home, "unit": unit}
            yield Occasion(kind, unit.facility.owner, today, about, row.recorded_at)


def _leases(today: date) -> Iterator[Occasion]:
    rows = Site.objects.filter(
        lease_until__isnull=False, lease_until__lt=today + days.span("lease_end"),
        lease_until__gte=today,
        unit__domain=BEDS,
    ).distinct().select_related("owner")  # fmt: skip
    for site in rows.order_by("key"):
        end = site.lease_until or today
        yield Occasion("lease_end", site.owner, notice_by(site) or end, {"site": site})


def _grown(today: date) -> Iterator[Occasion]:
    """Unaccompanied minors who soon turn 18: what follows has to be settled months before."""
    alone = minors_alone(today)
    office = Office.objects.filter(key="jugendamt").first()
    if office is None or not alone:
        return
    keeping.up_to_date(today)
    dues = Due.objects.filter(
        rule="eighteen",
        day__gte=today,
        day__lt=today + days.span("turns_18"),
        household__key__in=alone,
    )
    for due in dues.select_related("household").order_by("day", "pk"):
        yield Occasion("turns_18", office, due.day or today, {"household": due.household})
