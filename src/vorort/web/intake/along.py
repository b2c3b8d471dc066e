"""What is said of a household and holds for its people in the next one too. German: was mitgeht

Whoever changes the household is not to lose what protects them: exclusions are written for the
next household as well, and stay with the one that was left. What was said of the household as such
(requirements, wishes, a home it shall not get) goes along where everybody goes; a home it was to
get does not, it was decided for other people. What is said of one person goes with that person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q

from vorort.problems import Problem, Refused
from vorort.web import clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act
from vorort.web.intake.models import Household, Person, Wish
from vorort.web.intake.ties import NEAR, WITH_THEIR_HOME
from vorort.web.proposals.models import Exclusion, Lock, OpenNeed, Requirement
from vorort.web.proposals.models import Wish as Wished

WHOSE = ("id", "household", "act")  # differs between the two rows, and means nothing
TOLD: dict[type[Any], str] = {  # as in the history of what was entered by hand
    Exclusion: "exclusion", Requirement: "requirement", Wish: "wish", Wished: "wish",
    OpenNeed: "open", Lock: "lock",
}  # fmt: skip


def refuse_excluded(homes: Iterable[Household], home: Household) -> None:
    """Two households kept apart do not become one by mistake; raises `Refused`."""
    for left in homes:
        pair = [left.pk, home.pk]
        rows = _in_force(Exclusion.objects.filter(household__in=pair, other__in=pair))
        if rows.exists():
            raise Refused([
                Problem(
                    "", f"{left.key} und {home.key} sollen nicht in ein Gebäude (Ausschluss).",
                    f"{left.key} and {home.key} are not to share a building (exclusion).",
                    "Anlass klären; gilt er nicht mehr, zuerst aufheben lassen (Angaben für die "
                    "Vergabe, Recht „Bedarf eintragen“).",
                    "Clear up the occasion; where it is over, have the exclusion lifted first "
                    "(What placement reads, right “enter needs”).",
                    column="household",
                )
            ])  # fmt: skip


def take_along(act: Act, people: Sequence[Person], left: Household, home: Household) -> None:
    """After the memberships were written. ``left``: where these people belonged before."""
    for table, column in WITH_THEIR_HOME.values():
        table.objects.filter(person__in=people, **{column: left.pk}).update(**{column: home.pk})
    made = list(_exclusions(left, home))
    rows = left.membership_set.filter(member_until__isnull=True, person__same_as__isnull=True)
    if not rows.filter(person__left_on__isnull=True).exists():  # who has left stays behind
        made += _of_everybody(left, home)
        _near(act, left, home)
    for row in made:
        known = {f.attname: getattr(row, f.attname) for f in _facts(row)}
        if type(row).objects.filter(household=home, **known).exists():
            continue
        row.pk, row.household = None, home
        if hasattr(row, "act"):
            row.act = act
        row.save(force_insert=True)
        _tell(act, home, row)


def _exclusions(left: Household, home: Household) -> Iterator[Exclusion]:
    """Those of the household, and those that name it as the other one."""
    named = Q(household=left) & ~Q(other=home) | Q(other=left) & ~Q(household=home)
    for row in _in_force(Exclusion.objects.filter(named)).select_related("household"):
        if row.household_id != left.pk:  # the same, said from this side
            row.other, row.other_announced = row.household, row.announced
            row.announced = None
        row.note = ""  # dies with the people of the household it was written for
        yield row


def _of_everybody(left: Household, home: Household) -> Iterator[Any]:
    today = clock.today()
    yield from Wish.objects.filter(household=left).exclude(kind="near", what=home.key)
    yield from Wished.objects.filter(household=left).exclude(kind="near", target=home.key)
    of_all = Requirement.objects.filter(household=left, person=None)
    yield from of_all.exclude(until__lte=today)
    yield from Lock.objects.filter(household=left, kind="forbid")
    for need in OpenNeed.objects.filter(household=left, person=None, is_left_out=False):
        if not OpenNeed.objects.filter(household=home, person=None, domain=need.domain).exists():
            yield need


def _near(act: Act, left: Household, home: Household) -> None:
    """Whoever wished to live near these people wishes it still."""
    for table, column in NEAR.values():
        rows = table.objects.filter(kind="near", household__isnull=False, **{column: left.key})
        for row in rows.exclude(household=home).select_related("household"):
            setattr(row, column, home.key)
            row.save(update_fields=[column])
            _note(act, row.household, row, {column: (left.key, home.key)})


def _in_force(rows: Any) -> Any:
    return rows.exclude(until__lte=clock.today())


def _facts(row: Any) -> list[Any]:
    return [f for f in row._meta.concrete_fields if f.name not in WHOSE]


def _tell(act: Act, home: Household, row: Any) -> None:
    """The history of its people says it as if it had been entered."""
    _note(act, home, row, trail.between({}, trail.fields_of(row, "household_id", "act_id")))


def _note(act: Act, home: Household, row: Any, told: dict[str, tuple[Any, Any]]) -> None:
    for person in Person.objects.filter(membership__household=home).distinct():
        trail.changed(act, f"placing_{TOLD[type(row)]}", row.pk, told, subject=person.pk)
