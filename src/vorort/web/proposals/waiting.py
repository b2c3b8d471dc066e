"""Proposals that wait for a decision, for the Today page. German: offene Vorschläge"""

from __future__ import annotations

from datetime import date
from typing import Any

from vorort.ledger import BEDS
from vorort.vocabulary import LIVING
from vorort.web import sight
from vorort.web.intake.models import came
from vorort.web.placing.models import Stay
from vorort.web.proposals.models import Proposal, Run


def waiting(user: Any) -> list[tuple[str, str, date | None]]:
    """Household, proposed units and first day of each open proposal this user may see."""
    run = Run.objects.filter(state="done").order_by("-id").first()
    if run is None:
        return []
    coming = came()
    mine = set(sight.households_for(user).values_list("key", flat=True))
    hidden = sight.hidden_households(user)
    rows = Proposal.objects.filter(run=run).exclude(units="").order_by("start", "id")
    found = []
    for own, announced, units, start in rows.values_list(
        "household__key", "announced__key", "units", "start"
    ):
        number = own or coming.get(announced)
        is_shown = number is None or (number in mine and number not in hidden)
        if is_shown and not (number and _has(number, units)):
            found.append((own or announced, units, start))
    return found


def _has(household: str, units: str) -> bool:
    """Has the household got one of these units?"""
    return Stay.objects.filter(
        person__membership__household__key=household, domain=BEDS, status__in=LIVING,
        unit__key__in=units.split(),
    ).exists()  # fmt: skip
