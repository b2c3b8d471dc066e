"""Dates of the people a user may see, overdue first, what is unknown last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, Value, When

from vorort.deadlines import Deadline, Rule, read_rules, state_of
from vorort.vocabulary import Text
from vorort.web import sight
from vorort.web.accounts import rights
from vorort.web.deadlines import keeping
from vorort.web.deadlines.households import until_altered
from vorort.web.deadlines.models import Due
from vorort.web.tables import Column
from vorort.web.tasks.days import span


@dataclass(frozen=True)
class Line:
    """A date with its household."""

    deadline: Deadline
    household: str


COLUMNS = (
    Column("tag", Text("Tag", "Day"), "day"),
    Column("frist", Text("Frist", "Date"), "rule"),
    Column("person", Text("Person", "Person"), "person__key"),
    Column("haushalt", Text("Haushalt", "Household"), "household__key"),
    Column("stelle", Text("Stelle", "Office"), "office"),
)  # fmt: skip


def dues_for(user: Any, today: date) -> QuerySet[Due]:
    """Whatever is not met, of everybody this user may see."""
    keeping.up_to_date(today)
    offices = [When(rule=r.key, then=Value(r.office)) for r in read_rules().values()]
    found = Due.objects.annotate(office=Case(*offices, output_field=CharField()))
    if rights.own_only(user, rights.DATES):
        found = found.filter(household__in=sight.households_for(user, rights.DATES).values("pk"))
    return found.order_by(F("day").asc(nulls_last=True), "rule", "pk")  # as an index has them


def fitting(dues: QuerySet[Due], asked: Mapping[str, str], today: date) -> QuerySet[Due]:
    """The dates an address asks for: by rule, office, state, household or person."""
    rule, office, state = (asked.get(n, "") for n in ("frist", "stelle", "stand"))
    who = asked.get("q", "").strip().upper()[:120]
    if rule:
        dues = dues.filter(rule=rule)
    if office:
        dues = dues.filter(rule__in=[r.key for r in read_rules().values() if r.office == office])
    if state:
        dues = dues.filter(in_state(today).get(state, Q(pk__in=[])))
    if who:
        dues = dues.filter(Q(household__key__iexact=who) | Q(person__key__iexact=who))
    return dues


def in_state(today: date) -> dict[str, Q]:
    """What `state_of` tells of a day, for the database."""
    last = today + span("date_soon")
    return {
        "overdue": Q(day__lt=today), "soon": Q(day__gte=today, day__lte=last),
        "later": Q(day__gt=last), "unknown": Q(day__isnull=True),
    }  # fmt: skip


def lines(dues: Iterable[Due] | QuerySet[Due], today: date) -> list[Line]:
    """Rows as a page or a file shows them."""
    rules, soon = read_rules(), span("date_soon")
    if isinstance(dues, QuerySet):
        dues = dues.select_related("person", "household")
    return [
        Line(
            Deadline(
                d.person.key, d.rule, d.day, state_of(d.day, today, soon), rules[d.rule].office
            ), d.household.key,
        )
        for d in dues
    ]  # fmt: skip


def dates_of(user: Any, today: date, household: str) -> list[Line]:
    """Those of one household."""
    return lines(dues_for(user, today).filter(household__key=household), today)


@dataclass(frozen=True)
class RuleLine:
    """A rule with how many of its dates are overdue and soon, and the next day of one."""

    rule: Rule
    overdue: int
    soon: int
    next: date | None


def by_rule(user: Any, today: date) -> list[RuleLine]:
    """Rules of which a date is overdue or near, most overdue first."""
    if rights.own_only(user, rights.DATES):
        return _by_rule(user, today)
    return until_altered(
        "dates", today, ("by rule", span("date_soon")), lambda: _by_rule(user, today)
    )


def _by_rule(user: Any, today: date) -> list[RuleLine]:
    states, rules = in_state(today), read_rules()
    sums = dues_for(user, today).order_by("rule").values("rule").annotate(
        overdue=Count("pk", filter=states["overdue"]), soon=Count("pk", filter=states["soon"]),
        first=Min("day", filter=Q(day__gte=today)),
    )  # fmt: skip
    found = [RuleLine(rules[x["rule"]], x["overdue"], x["soon"], x["first"]) for x in sums]
    return sorted((x for x in found if x.overdue or x.soon), key=lambda x: (-x.overdue, -x.soon))


def counts(user: Any, today: date) -> dict[str, int]:
    """How many in each state, of everybody this user may see."""
    if rights.own_only(user, rights.DATES):
        return _counts(user, today)
    return until_altered(
        "dates", today, ("counts", span("date_soon")), lambda: _counts(user, today)
    )


def _counts(user: Any, today: date) -> dict[str, int]:
    found: dict[str, int] = (
        dues_for(user, today)
        .order_by()
        .aggregate(**{name: Count("pk", filter=state) for name, state in in_state(today).items()})
    )
    return found
