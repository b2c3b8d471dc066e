"""Taking an applied list back: what nobody has touched since goes, the rest is listed.

What takes long is done before anybody has to wait, as when the list was entered.

German: zurücknehmen
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from vorort.problems import Problem, Refused
from vorort.web import bridge, bulk
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.models import Household, Membership, Person
from vorort.web.lists import staging
from vorort.web.lists.models import Batch, Line, OwnNumber
from vorort.web.placing import locks
from vorort.web.placing.models import Stay, StayOld
from vorort.web.requests.models import Request
from vorort.web.tasks.models import Task
from vorort.web.totals import beforehand, empty, notes
from vorort.web.town import reports
from vorort.web.town.models import Announcement, CapacityEvent, Unit

Touched = list[str]  # numbers of what somebody has changed since


@dataclass(frozen=True)
class Ready:
    """A list of residents on its way out: its sites counted again without its people."""

    people: dict[UUID, str]  # nobody has touched them since; id -> number
    sites: list[beforehand.Recount]


def undo(
    actor: User,
    key: UUID,
    batch: Batch,
    step: staging.Step = bulk.quietly,
    writing: Callable[[], None] | None = None,
) -> tuple[trail.Done, Touched]:
    """Take back what nobody has touched since; the numbers of the rest. German: zurücknehmen

    ``step``: so many people are a step further; ``writing``: called before the act begins.
    """
    touched: Touched = []
    is_again = Act.objects.filter(key=key).exists()
    if batch.state != "applied" and not is_again:
        raise Refused([_not_applied()])
    ready = _make_ready(batch, step) if batch.kind == "residents" and not is_again else None
    if writing is not None:
        writing()

    def do(act: Act) -> None:
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state != "applied":
            raise Refused([_not_applied()])
        if ready is None:
            touched.extend(_UNDO[row.kind](act, row))
        else:
            touched.extend(_residents(row, ready))
        row.state = "undone"
        row.save()
        trail.changed(act, "import", row.pk, {"state": ("applied", "undone")})

    with bulk.written_back_after():
        return trail.once(actor, key, "import_undo", do, batch.kind), touched


def _not_applied() -> Problem:
    return Problem(
        "", "Diese Liste ist nicht übernommen oder schon zurückgenommen.",
        "This list is not applied, or was taken back already.",
        "Seite neu laden.", "Reload the page.",
    )  # fmt: skip


def kept(batch: Batch) -> Touched:
    """People of a list that was taken back who stayed, as somebody had changed them since."""
    if batch.state != "undone":
        return []
    rows = batch.lines.filter(result="new", person__isnull=False)
    return sorted(rows.values_list("person__key", flat=True))


def _made(batch: Batch) -> QuerySet[Line, UUID]:
    rows = batch.lines.filter(result="new", person__isnull=False)
    return rows.values_list("person", flat=True)


def _untouched(batch: Batch) -> tuple[dict[UUID, str], Touched]:
    """Whom a list has brought: who is as it left them, and the numbers of the others."""
    made = _made(batch)
    people = dict(Person.objects.filter(pk__in=made).values_list("pk", "key"))
    later = set(
        ActValue.objects.filter(subject__in=made, act_id__gt=batch.act_id)
        .values_list("subject_id", flat=True)
    )  # fmt: skip
    # a record that was made one with another: what hung on it hangs there
    later |= set(
        Person.objects.filter(pk__in=made, same_as__isnull=False).values_list("pk", flat=True)
    )
    left = {pk: key for pk, key in people.items() if pk not in later}
    return left, sorted(key for pk, key in people.items() if pk in later)


def _by_site(people: Mapping[UUID, str], batch: Batch) -> dict[int, set[str]]:
    """Where people of a list are or ever were."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for table in (Stay, StayOld):
        rows = table.objects.filter(person__in=_made(batch), unit__isnull=False)  # type: ignore[attr-defined]
        for person, site in rows.values_list("person", "unit__facility").distinct():
            if person in people:
                found[site].add(people[person])
    return dict(found)


def _make_ready(batch: Batch, step: staging.Step) -> Ready:
    people, _ = _untouched(batch)
    sites = _by_site(people, batch)
    waits = set(people.values())
    counted = []
    for site, inside in sorted(sites.items()):
        counted.append(beforehand.without(site, inside))
        step(len(waits & inside))
        waits -= inside
    step(len(waits))
    return Ready(people, counted)


def _residents(batch: Batch, ready: Ready) -> Touched:
    """The short part, within the act. The people first: nobody waits for them, as they go; the
    sites are held only for the totals."""
    locks.lock(ready.people, ())
    before = notes.last()
    people, touched = _untouched(batch)
    sites = _by_site(people, batch)
    stays = Stay.objects.filter(person__in=_made(batch), unit__isnull=False)
    units = set(stays.values_list("unit_id", flat=True))
    mine = Membership.objects.filter(person__in=_made(batch)).values_list("person", "household")
    homes = {home for person, home in mine if person in people}
    bulk.remove(Person, people)
    bulk.remove(Household, [
        home for part in bridge.parts(homes)
        for home in Household.objects.filter(pk__in=part, membership__isnull=True)
        .values_list("pk", flat=True)
    ])  # fmt: skip
    bulk.referred()
    locks.lock((), units)
    beforehand.take(beforehand.still_true(ready.sites, sites, before), before)
    return touched


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
    names = dict(units.order_by("key").values_list("pk", "key"))
    locks.lock((), names)
    before, used = notes.last(), _used(names, row)
    gone = [pk for pk in names if pk not in used]
    offered = empty.offered(gone)
    facts = {"import": (row.pk, None)}
    trail.changed_places(act, "unit", ((names[pk], facts) for pk in gone))
    bulk.remove(Unit, gone)
    empty.take(offered, before, gone=True)
    return [names[pk] for pk in names if pk in used]


def _used(names: Mapping[int, str], row: Batch) -> set[int]:
    """Units somebody was placed in, asked for or planned for, or that somebody has changed."""
    found: set[int] = set()
    pk_of = {name: pk for pk, name in names.items()} | {str(pk): pk for pk in names}
    for part in bridge.parts(names):
        for table in (Stay, StayOld, Task, Request):
            rows = table.objects.filter(unit__in=part)  # type: ignore[attr-defined]
            found.update(rows.values_list("unit_id", flat=True))
        offers = Request.objects.filter(offer_unit__in=part)
        found.update(pk for pk in offers.values_list("offer_unit_id", flat=True) if pk is not None)
        keys = [names[pk] for pk in part]
        events = CapacityEvent.objects.filter(target__in=keys).values_list("target", flat=True)
        changes = ActValue.objects.filter(
            table="unit", row__in=[*keys, *map(str, part)], act_id__gt=row.act_id,
            subject__isnull=True,
        ).values_list("row", flat=True)  # fmt: skip
        found.update(pk_of[name] for name in (*events, *changes))
    return found


def _seats(act: Act, row: Batch) -> list[str]:
    """The figures reported before count again, unless somebody has reported since."""
    made = row.lines.exclude(made="").values_list("made", flat=True)
    return reports.take_back(act, row.act_id, sorted(set(made)))


_UNDO: dict[str, Callable[[Act, Batch], list[str]]] = {
    "announcements": _announcements, "units": _units, "seats": _seats,
}  # fmt: skip
