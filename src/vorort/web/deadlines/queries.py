"""Dates of the people a user may see, from the columns the clocks need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q

from vorort.deadlines import Deadline, Rule, Subject, deadlines, read_rules
from vorort.files.cells import KINDS
from vorort.vocabulary import LegalBasis, Text
from vorort.web import sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act
from vorort.web.intake import models as intake
from vorort.web.placing.models import Stay
from vorort.web.tables import Column
from vorort.web.town.models import Kommune

HAS = ("childcare", "school", "language", "health")
ONCE = ("language", "health")  # a course taken or an examination done counts afterwards as well
PLACED = ("confirmed", "moved_in", "absent")


@dataclass(frozen=True)
class Line:
    """A date with its household."""

    deadline: Deadline
    household: str


COLUMNS = (
    Column("tag", Text("Tag", "Day"), lambda x: x.deadline.day),
    Column("frist", Text("Frist", "Date"), lambda x: x.deadline.rule),
    Column("person", Text("Person", "Person"), lambda x: x.deadline.subject),
    Column("haushalt", Text("Haushalt", "Household"), lambda x: x.household),
    Column("stelle", Text("Stelle", "Office"), lambda x: x.deadline.office),
)  # fmt: skip


def fitting(lines: list[Line], asked: Mapping[str, str]) -> list[Line]:
    """The lines an address asks for: by rule, office, state, household or person."""
    rule, office, state = (asked.get(n, "") for n in ("frist", "stelle", "stand"))
    who = asked.get("q", "").strip().upper()
    return [
        x for x in lines
        if (not rule or x.deadline.rule == rule) and (not office or x.deadline.office == office)
        and (not state or x.deadline.state == state)
        and (not who or who in (x.household.upper(), x.deadline.subject.upper()))
    ]  # fmt: skip


@dataclass(frozen=True)
class RuleLine:
    """A rule with how many of its dates are overdue and soon, and the next day of one."""

    rule: Rule
    overdue: int
    soon: int
    next: date | None


def by_rule(user: Any, today: date) -> list[RuleLine]:
    """Rules of which a date is overdue or near, most overdue first."""
    found: defaultdict[str, list[Deadline]] = defaultdict(list)
    for line in dates_for(user, today):
        found[line.deadline.rule].append(line.deadline)
    rules = read_rules()
    lines = [
        RuleLine(
            rules[key], sum(d.state == "overdue" for d in dates),
            sum(d.state == "soon" for d in dates),
            min((d.day for d in dates if d.day and d.day >= today), default=None),
        )
        for key, dates in found.items()
    ]  # fmt: skip
    return sorted((x for x in lines if x.overdue or x.soon), key=lambda x: (-x.overdue, -x.soon))


_KEPT: dict[str, tuple[Any, list[Line]]] = {}


def dates_for(user: Any, today: date, household: str = "") -> list[Line]:
    """Overdue first, then by day, unknown last; nothing that is met already."""
    homes = sight.households_for(user, rights.DATES)
    if household:
        return _lines(homes.filter(key=household), today)
    mine = set(homes.values_list("key", flat=True))
    return [x for x in of_everybody(today) if x.household in mine]


def of_everybody(today: date) -> list[Line]:
    """The dates of everybody, reckoned again after each act: every change is an act."""
    name = str(connection.settings_dict["NAME"])
    state = (today, *Act.objects.aggregate(Max("id"), Count("id")).values())
    kept = _KEPT.get(name)
    if kept is None or kept[0] != state:
        kept = (state, _lines(intake.Household.objects.exclude(id__in=intake.emptied()), today))
        _KEPT[name] = kept
    return kept[1]


def _lines(homes: Any, today: date) -> list[Line]:
    land = Kommune.objects.values_list("land", flat=True).first() or ""
    rules = read_rules()
    found = [
        Line(deadline, key)
        for key, subject in _subjects(homes)
        for deadline in deadlines(subject, rules, land, today)
        if deadline.state != "met"
    ]
    return sorted(found, key=lambda x: (x.deadline.day is None, x.deadline.day or today,
                                        x.deadline.rule, x.deadline.subject))  # fmt: skip


def _subjects(homes: Any) -> Iterable[tuple[str, Subject]]:
    members = intake.Membership.objects.filter(
        household__in=homes, member_until__isnull=True, person__same_as__isnull=True,
        person__left_on__isnull=True,
    )  # fmt: skip
    rows = list(members.values_list(
        "person_id", "person__key", "person__born", "person__recognised_on", "household__key",
        "household__arrived_on", "household__group", "household__kind",
    ))  # fmt: skip
    legal: defaultdict[Any, list[LegalBasis]] = defaultdict(list)
    bases = intake.LegalBasis.objects.filter(person__membership__household__in=homes).distinct()
    for pk, *values in bases.order_by("id").values_list(
        "person_id", "name", "valid_from", "valid_until", "opens_claim"
    ):
        legal[pk].append(LegalBasis(*values))
    has: defaultdict[Any, set[str]] = defaultdict(set)
    stays = Stay.objects.filter(
        Q(status__in=PLACED) | Q(status="ended", domain__in=ONCE), domain__in=HAS,
        person__membership__household__in=homes,
    )  # fmt: skip
    for pk, domain in stays.values_list("person_id", "domain").distinct():
        has[pk].add(domain)
    for pk, key, born, recognised, home, arrived, group, kind in rows:
        yield home, Subject(
            key, KINDS["born"].read(born) if born else None, arrived, group, tuple(legal[pk]),
            recognised, kind == "uam", frozenset(has[pk]),
        )  # fmt: skip
