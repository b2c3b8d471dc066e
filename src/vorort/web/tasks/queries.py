"""Which tasks a user sees."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from vorort.vocabulary import Text
from vorort.web import sight
from vorort.web.accounts import rights
from vorort.web.intake.models import Household, emptied
from vorort.web.tables import Column
from vorort.web.tasks.models import Task

COLUMNS = (
    Column("kind", Text("Aufgabe", "Task"), "kind"),
    Column("due", Text("fällig", "due"), "due"),
    Column("about", Text("betrifft", "about"), "household__key"),
    Column("office", Text("Stelle", "Office"), "office__name"),
)


def tasks_for(user: Any) -> QuerySet[Task]:
    """Open tasks a user may see; none that would say where a protected household lives."""
    found = Task.objects.filter(done_by__isnull=True)
    if rights.own_only(user, rights.TASKS):
        found = found.filter(office=user.office)
    if not rights.may(user, rights.HOUSEHOLD):
        found = found.filter(household__isnull=True, person__isnull=True)
    elif rights.own_only(user, rights.HOUSEHOLD):
        mine = sight.households_for(user).values("pk")
        found = found.filter(Q(household__isnull=True) | Q(household__in=mine))
    else:
        found = found.filter(Q(household__isnull=True) | ~Q(household__in=emptied()))
    if rights.may(user, rights.PROTECTED):
        return found
    # not `household__protected`: PostgreSQL would read all households to join them
    protected = Household.objects.filter(protected=True).values("pk")
    tells = Q(unit__isnull=False) | Q(site__isnull=False)
    return found.exclude(tells & Q(household__isnull=False) & Q(household__in=protected))
