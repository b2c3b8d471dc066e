"""What a colleague leaves behind: tasks, cases and holds, on one page. German: Übergabe

Shown to the colleague's office, each line as far as the reader may open it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vorort.ledger import BEDS
from vorort.web import sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.models import Household
from vorort.web.placing.models import Stay
from vorort.web.requests.models import OPEN, Request
from vorort.web.tasks.models import Task
from vorort.web.tasks.queries import tasks_for

OPEN_STAYS = ("held", "confirmed")


@dataclass(frozen=True)
class Begun:
    """What somebody has begun that is not over."""

    tasks: list[Task]  # of the office: they stay with it
    cases: list[Household]  # whose people they entered something about, responsible: their office
    holds: list[tuple[str, Stay]]  # household and stay they held or confirmed
    requests: list[tuple[str, Request]]


def begun_by(leaver: User, reader: User, today: date) -> Begun:
    """What the reader may see of it."""
    visible = sight.households_for(reader).exclude(key__in=sight.hidden_households(reader))
    homes = dict(visible.filter(membership__member_until__isnull=True)
                 .values_list("membership__person", "key"))  # fmt: skip
    acts = Act.objects.filter(actor=leaver)
    touched = ActValue.objects.filter(act__in=acts, subject__isnull=False).values("subject")
    cases = visible.filter(
        membership__person__in=touched, membership__member_until__isnull=True,
        membership__person__left_on__isnull=True, responsible=leaver.office.key,
    ).distinct().order_by("key")  # fmt: skip
    stays = Stay.objects.filter(
        act__in=acts, domain=BEDS, status__in=OPEN_STAYS, person__in=list(homes)
    ).select_related("unit").order_by("kept_until", "id")  # fmt: skip
    asked = Request.objects.filter(
        made_by__in=acts, status__in=OPEN, person__in=list(homes)
    ).select_related("unit", "owner").order_by("due", "id")  # fmt: skip
    tasks = tasks_for(reader).filter(office=leaver.office).select_related("household", "unit")
    return Begun(
        list(tasks.order_by("due", "id")) if rights.may(reader, rights.TASKS) else [],
        list(cases), [(homes[s.person_id], s) for s in stays],
        [(homes[r.person_id], r) for r in asked],
    )  # fmt: skip


def counts_of(leaver: User) -> dict[str, int]:
    """How much there is to hand over, for who ends a login: numbers only."""
    acts = Act.objects.filter(actor=leaver)
    touched = ActValue.objects.filter(act__in=acts, subject__isnull=False).values("subject")
    return {
        "tasks": Task.objects.filter(office=leaver.office, done_by__isnull=True).count(),
        "cases": Household.objects.filter(
            membership__person__in=touched, membership__member_until__isnull=True,
            membership__person__left_on__isnull=True, responsible=leaver.office.key,
        ).distinct().count(),
        "holds": Stay.objects.filter(act__in=acts, domain=BEDS, status__in=OPEN_STAYS).count(),
        "requests": Request.objects.filter(made_by__in=acts, status__in=OPEN).count(),
    }  # fmt: skip
