"""Taking an applied list back: what nobody has touched since goes, the rest is listed.

German: zurücknehmen
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from vorort.problems import Problem, Refused
from vorort.web import bridge
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.forms import day_of
from vorort.web.intake.models import Household, Person
from vorort.web.lists.models import Batch, OwnNumber
from vorort.web.placing import locks
from vorort.web.placing.models import Stay, StayOld
from vorort.web.requests.models import Request
from vorort.web.tasks.models import Task
from vorort.web.town.models import Announcement, CapacityEvent, Unit

TOGETHER = 500  # people deleted at once


def undo(actor: User, key: UUID, batch: Batch) -> tuple[trail.Done, list[str]]:
    """Take back what nobody has touched since; the numbers of the rest."""
    touched: list[str] = []

    def do(act: Act) -> None:
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state != "applied":
            raise Refused([
                Problem(
                    "", "Diese Liste ist nicht übernommen oder schon zurückgenommen.",
                    "This list is not applied, or was taken back already.",
                    "Seite neu laden.", "Reload the page.",
                )
            ])  # fmt: skip
        touched.extend(_UNDO[row.kind](act, row))
        row.state = "undone"
        row.save()
        trail.changed(act, "import", row.pk, {"state": ("applied", "undone")})

    return trail.once(actor, key, "import_undo", do, batch.kind), touched


def _residents(act: Act, row: Batch) -> list[str]:
    made = row.lines.filter(result="new", person__isnull=False).values("person")
    people = dict(Person.objects.filter(pk__in=made).values_list("pk", "key"))
    sites = Stay.objects.filter(person__in=made, unit__isnull=False)
    locks.lock(people, sites.values_list("unit_id", flat=True))
    later = set(
        ActValue.objects.filter(subject__in=made, act_id__gt=row.act_id)
        .values_list("subject_id", flat=True)
    )  # fmt: skip
    for part in bridge.parts(people.keys() - later, TOGETHER):
        gone = Person.objects.filter(pk__in=part)
        homes = list(gone.values_list("membership__household_id", flat=True).distinct())
        gone.delete()
        Household.objects.filter(pk__in=homes, membership__isnull=True).delete()
    return sorted(key for pk, key in people.items() if pk in later)


def _announcements(act: Act, row: Batch) -> list[str]:
    """Who has been registered from an announcement keeps it."""
    mine = Announcement.objects.filter(source=f"import {row.pk}")
    taken = Household.objects.filter(announced_id__isnull=False).values("announced_id")
    kept = list(mine.filter(key__in=taken).values_list("key", flat=True))
    gone = list(mine.exclude(key__in=kept).values_list("key", flat=True))
    OwnNumber.objects.filter(kind=row.kind, office=row.office, key__in=gone).delete()
    mine.filter(key__in=gone).delete()
    return kept


def _units(act: Act, row: Batch) -> list[str]:
    """A unit goes if nobody was ever placed, asked for or planned in it."""
    units = Unit.objects.filter(key__in=row.lines.exclude(made="").values("made"))
    ids = list(units.values_list("pk", flat=True))
    locks.lock((), ids)
    kept = []
    for unit in units.order_by("key"):
        names = [str(unit.pk), unit.key]
        is_used = (
            any(t.objects.filter(unit=unit).exists() for t in (Stay, StayOld, Task, Request))
            or Request.objects.filter(offer_unit=unit).exists()
            or CapacityEvent.objects.filter(target=unit.key).exists()
            or ActValue.objects.filter(
                table="unit", row__in=names, act_id__gt=row.act_id, subject__isnull=True
            ).exists()
        )
        if is_used:
            kept.append(unit.key)
            continue
        trail.changed(act, "unit", unit.key, {"import": (row.pk, None)})
        unit.delete()
    return kept


def _seats(act: Act, row: Batch) -> list[str]:
    """The figures reported before count again, unless somebody has reported since."""
    kept = []
    for unit in Unit.objects.filter(key__in=row.lines.exclude(made="").values("made")):
        mine = ActValue.objects.filter(act_id=row.act_id, table="unit", row=str(unit.pk))
        later = ActValue.objects.filter(
            table="unit", row=str(unit.pk), act_id__gt=row.act_id, subject__isnull=True
        )
        if later.exists():
            kept.append(unit.key)
            continue
        before = trail.fields_of(unit)
        for value in mine:
            setattr(unit, value.field, _as_was(unit, value.field, value.old))
        unit.save()
        _steps_back(act, row, unit)
        after = trail.fields_of(unit)
        trail.changed(act, "unit", unit.pk, trail.between(before, after))
    return kept


def _as_was(unit: Unit, field: str, old: str | None) -> Any:
    """A value of the trail as the column holds it."""
    if old is None:
        return None
    kind = Unit._meta.get_field(field).get_internal_type()
    return day_of(old) if kind == "DateField" else int(old) if "Integer" in kind else old


def _steps_back(act: Act, row: Batch, unit: Unit) -> None:
    made = ActValue.objects.filter(act_id=row.act_id, table="capacity_event").values("row")
    for event in CapacityEvent.objects.filter(key__in=made, target=unit.key, kind="step"):
        before = trail.fields_of(event)
        trail.changed(act, "capacity_event", event.key, trail.between(before, {}))
        event.delete()


_UNDO: dict[str, Callable[[Act, Batch], list[str]]] = {
    "residents": _residents, "announcements": _announcements, "units": _units, "seats": _seats,
}  # fmt: skip
