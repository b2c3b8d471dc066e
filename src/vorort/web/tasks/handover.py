"""What a colleague leaves behind: tasks, cases and holds, on one page. German: Übergabe

Shown to the colleague's office, each line as far as the reader may open it. Who has entered a
whole city leaves thousands of cases: nothing here is read before a page of it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from vorort.ledger import BEDS
from vorort.web import sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.models import Household, Membership, Person
from vorort.web.placing.models import Stay
from vorort.web.requests.models import OPEN, Request
from vorort.web.tasks.models import Task
from vorort.web.tasks.queries import tasks_for

OPEN_STAYS = ("held", "confirmed")
FEW = 2000  # acts of somebody; of so many what they were about is sooner found than looked for


@dataclass(frozen=True)
class Begun:
    """What somebody has begun that is not over."""

    tasks: QuerySet[Task]  # of the office: they stay with it
    cases: QuerySet[Household]  # whose people they entered something about, of their office
    holds: QuerySet[Stay]  # held or confirmed by them
    requests: QuerySet[Request]


def begun_by(leaver: User, reader: User) -> Begun:
    """What the reader may see of it."""
    visible = sight.households_for(reader).exclude(key__in=sight.hidden_households(reader))
    at_home = Exists(_now(visible).filter(person=OuterRef("person")))
    stays = _stays(leaver).filter(at_home).select_related("unit")
    asked = _requests(leaver).filter(at_home).select_related("unit", "owner")
    tasks = tasks_for(reader).filter(office=leaver.office).select_related("household", "unit")
    return Begun(
        tasks.order_by("due", "id") if rights.may(reader, rights.TASKS) else tasks.none(),
        _cases(leaver, visible).order_by("key"), stays.order_by("kept_until", "id"),
        asked.order_by("due", "id"),
    )  # fmt: skip


def homes_of(people: Iterable[UUID], reader: User) -> dict[UUID, str]:
    """The household each belongs to now, as far as the reader may open it."""
    visible = sight.households_for(reader).exclude(key__in=sight.hidden_households(reader))
    now = _now(visible).filter(person__in=list(people))
    return dict(now.order_by("id").values_list("person", "household__key"))


def _now(visible: QuerySet[Household]) -> QuerySet[Membership]:
    """Who belongs to one of some households; each row is asked about, never all households."""
    shown = Exists(visible.filter(pk=OuterRef("household")))
    return Membership.objects.filter(shown, member_until__isnull=True)


def counts_of(leaver: User) -> dict[str, int]:
    """How much there is to hand over, for who ends a login: numbers only."""
    return {
        "tasks": Task.objects.filter(office=leaver.office, done_by__isnull=True).count(),
        "cases": _cases(leaver, Household.objects.all()).count(),
        "holds": _stays(leaver).count(),
        "requests": _requests(leaver).count(),
    }


def _stays(leaver: User) -> QuerySet[Stay]:
    return Stay.objects.filter(act__actor=leaver, domain=BEDS, status__in=OPEN_STAYS)


def _requests(leaver: User) -> QuerySet[Request]:
    return Request.objects.filter(made_by__actor=leaver, status__in=OPEN)


def _cases(leaver: User, among: QuerySet[Household]) -> QuerySet[Household]:
    """Households of the leaver's office with somebody here whom an act of theirs was about."""
    here = Membership.objects.filter(household=OuterRef("pk"), member_until__isnull=True)
    about = ActValue.objects.filter(act__actor=leaver, subject__isnull=False)
    if Act.objects.filter(actor=leaver)[:FEW].count() < FEW:
        here = here.filter(person__left_on__isnull=True, person__in=about.values("subject"))
    else:  # of so many nearly everybody is one of theirs: the first look at each finds it
        one = Person.objects.filter(pk=OuterRef("person"), left_on__isnull=True)
        here = here.filter(Exists(one.filter(Exists(about.filter(subject=OuterRef("pk"))))))
    return among.filter(Exists(here), responsible=leaver.office.key)
