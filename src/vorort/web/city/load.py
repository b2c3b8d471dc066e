"""The city in a register: rows of the scenario, names, the trail of five years, tasks, logins."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from random import Random
from typing import Any

from vorort.web import bulk, clock, scenarios
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, ActValue, Role, User
from vorort.web.city.book import invent
from vorort.web.city.frame import TODAY, Size
from vorort.web.demo import write_logins
from vorort.web.intake.invented import name_everybody
from vorort.web.placing.models import Stay, StayOld
from vorort.web.tasks.models import Task
from vorort.web.totals import keeping
from vorort.web.town.models import Office, Site, Unit

Watch = Callable[[str, int, int], None]  # what, how much of it is done, of how much
STEPS = {"held": "hold", "confirmed": "confirm", "moved_in": "move_in", "ended": "move_out",
         "absent": "keep"}  # fmt: skip


def load(size: Size, watch: Watch) -> Any:
    """Invent the city and write it into an empty register; a demo, for this machine only."""
    from vorort.files import read_scenario
    from vorort.stress.front import examples

    what = "Stadt erfinden / inventing"
    watch(what, 0, 1)
    found = invent(size, read_scenario(examples() / "musterstadt"))
    watch(what, 1, 1)
    act = Act(key=uuid.uuid4(), role="command line", office="", at=clock.now(), kind="load")
    total, done = scenarios.rows_in(found.ledger), 0

    def wrote(rows: int) -> None:
        nonlocal done
        done += rows
        watch("Zeilen schreiben / writing rows", done, total)

    loaded = scenarios.load(found, act, is_demo=True, wrote=wrote)
    if not Role.objects.exists():
        rights.write_first_roles()
    write_logins()
    _steps(watch, "Namen / names", name_everybody)
    _steps(watch, "Protokoll / trail", _trail)
    keeping.rebuild_all(lambda done, of: watch("Summen / totals", done, of))
    _steps(watch, "Aufgaben / tasks", lambda: _tasks(size, act))
    bulk.counted()
    return loaded


def _steps(watch: Watch, what: str, do: Callable[[], None]) -> None:
    watch(what, 0, 1)
    do()
    watch(what, 1, 1)


def _trail() -> None:
    """One entry for each step of a household's stay, one value a person: who did what when."""
    actor = User.objects.get(username="belegung")
    columns = ("recorded_at", "unit_id", "status", "pk", "person_id")
    stays = Stay.objects.filter(domain="accommodation", recorded_at__isnull=False)
    rows = list(stays.values_list(*columns))
    columns = ("recorded_at", "unit_id", "status", "stay_id", "person_id")
    rows += StayOld.objects.filter(recorded_at__isnull=False).values_list(*columns)
    rows.sort(key=lambda r: (r[0], r[1] or 0, r[2], r[3]))
    grouped = [(k, list(g)) for k, g in groupby(rows, key=lambda r: r[:3])]
    first = Act.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    luck = Random("city/acts")  # noqa: S311 an example, no secret
    bulk.write(Act, (
        {"key": uuid.UUID(int=luck.getrandbits(128)), "actor_id": actor.pk, "role": "belegung",
         "office": "sozialamt", "at": at, "kind": STEPS[status]}
        for (at, _, status), _ in grouped
    ))  # fmt: skip
    ids = Act.objects.filter(pk__gte=first).order_by("pk").values_list("pk", flat=True)
    bulk.write(ActValue, (
        {"act_id": pk, "subject_id": person, "table": "stay", "row": str(stay), "field": "status",
         "new": status}
        for pk, ((_, _, status), group) in zip(list(ids), grouped, strict=True)
        for _, _, _, stay, person in group
    ))  # fmt: skip


def _tasks(size: Size, act: Act) -> None:
    """Cleaning, repairs, leases that end: as many as an office of this size has open."""
    luck = Random("city/tasks")  # noqa: S311
    offices = {o.key: o for o in Office.objects.all()}
    units = list(Unit.objects.filter(domain="accommodation").order_by("pk")[: size.units])
    kinds = ("cleaning", "repair", "keys", "over_occupancy", "kept_overdue")
    bulk.write(Task, (
        {"kind": luck.choice(kinds), "office_id": offices["sozialamt"].pk, "unit_id": unit.pk,
         "made_by_id": act.pk, "due": TODAY + timedelta(luck.randrange(-10, 30))}
        for unit in luck.sample(units, size.households // 15)
    ))  # fmt: skip
    ending = Site.objects.filter(lease_until__lt=TODAY + timedelta(180)).order_by("pk")
    bulk.write(Task, (
        {"kind": "lease_end", "office_id": offices["gebaeude"].pk, "site_id": site.pk,
         "due": site.lease_until, "made_by_id": act.pk}
        for site in ending
    ))  # fmt: skip
