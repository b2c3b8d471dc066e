"""The register of a city under the load of an office: the production server, twenty users.

The city is made once and kept (`var/bench`). Peer: the same figures of the board read the plain
way, the whole ledger and `occupancy` over it, as the check does that the pages are right.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from vorort.bench.entries import DONE, ENTRIES, REFUSED, SHARE, WANTS
from vorort.bench.load import HERE, PAGES, Answer, Plan
from vorort.bench.sizes import Size
from vorort.vocabulary import LIVING

PROMISED = {"p95_ms": 300.0, "reach_ms": 100.0, "known_ms": 1000.0}
WORKERS = 2
LOGINS = ("belegung", "schutz", "belegung")  # of one office
PATH = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}


def bench_web(console: Console, size: Size) -> dict[str, Any]:
    """One row a page: alone, and with everybody at work."""
    database = os.environ.get("VORORT_BENCH_DATABASE", "")
    if not database:
        database = str(Path.cwd() / "var" / "bench" / f"{size.city}.sqlite3")
    facts = _in_a_process("prepare", database, size.city)
    console.print(
        f"{facts['households']:,} households, {facts['persons']:,} people, {facts['units']:,} "
        f"units, {facts['stays']:,} + {facts['old']:,} stays; {facts['vendor']}"
    )
    with _server(database) as (port, server):
        plan = Plan(
            port, facts["logins"], facts["household_keys"], facts["site_keys"], facts["known"],
            facts["waiting_keys"], facts["other_sites"], size.users, size.seconds,
        )  # fmt: skip
        before, began = _cpu(server), time.perf_counter()
        answers = _load(plan)
        cpu, wall = _cpu(server) - before, time.perf_counter() - began
    result = _figures(answers) | {
        "database": facts["vendor"], "users": size.users, "think_seconds": plan.think,
        "seconds": size.seconds, "workers": WORKERS, "share_of_entries": SHARE,
        "rows": {k: facts[k] for k in ("households", "persons", "units", "stays", "old")},
        "server_cpu_ms_a_page": cpu / max(1, sum(map(len, answers.values()))) * 1000,
        "server_share_of_a_core": cpu / wall,
        "plain_seconds": facts["plain_seconds"], "promised": PROMISED,
    }  # fmt: skip
    _print(console, result)
    return result


def _load(plan: Plan) -> dict[str, list[Answer]]:
    done = subprocess.run(
        [sys.executable, "-m", "vorort.bench.load"], input=json.dumps(asdict(plan)),
        env={**os.environ, **PATH}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, list[Answer]] = json.loads(done.stdout)
    return found


def _figures(answers: dict[str, list[Answer]]) -> dict[str, Any]:
    """Pages and entries apart: the promise is about pages."""
    every = [a for rows in answers.values() for a in rows]
    entries = {name: _figure(answers, name) for name in ENTRIES}
    for name, row in entries.items():
        row["refused"] = sum(a[0] == name and a[2] == REFUSED for a in answers["together"])
    read, written = (
        _quantiles([a[1] * 1000 for a in answers["together"] if (a[0] in ENTRIES) == is_entry])
        for is_entry in (False, True)
    )
    good = {True: (DONE, REFUSED), False: (200,)}
    return {
        "pages": {name: _figure(answers, name) for name in (*PAGES, WANTS)}, "all": read,
        "entries": entries, "all_entries": written,
        "not_200": sum(a[2] not in good[a[0] in ENTRIES] for a in every),
    }  # fmt: skip


def _figure(answers: dict[str, list[Answer]], name: str) -> dict[str, Any]:
    one, many = ([a for a in answers[k] if a[0] == name] for k in ("alone", "together"))
    times = [a[1] * 1000 for a in one]
    return {
        "alone_ms": statistics.median(times) if times else None,
        "kilobytes": max((a[3] for a in one + many), default=0) / 1000,
        **_quantiles([a[1] * 1000 for a in many]),
    }


def _quantiles(values: list[float]) -> dict[str, Any]:
    if len(values) < 2:
        return {"count": len(values), "p50_ms": None, "p95_ms": None, "max_ms": None}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"count": len(values), "p50_ms": cuts[49], "p95_ms": cuts[94], "max_ms": max(values)}


def _print(console: Console, result: dict[str, Any]) -> None:
    table = Table("page or entry", "KB", "alone ms", "asked", "p50 ms", "p95 ms", "max ms")
    pages, entries = result["pages"], result["entries"]
    rows = [*pages.items(), ("all pages", result["all"]),
            *entries.items(), ("all entries", result["all_entries"])]  # fmt: skip
    for page, row in rows:
        cells = (row.get("kilobytes"), row.get("alone_ms"), row["count"],
                 row["p50_ms"], row["p95_ms"], row["max_ms"])  # fmt: skip
        table.add_row(
            page, *("" if c is None else f"{c:.0f}" for c in cells),
            end_section=page.startswith("all"),
        )  # fmt: skip
    console.print(table)
    refused = sum(row["refused"] for row in entries.values())
    console.print(
        f"{refused} entries refused, since somebody else was quicker; {result['not_200']} answers "
        f"that are neither a page nor an entry; server {result['server_cpu_ms_a_page']:.0f} ms of "
        f"CPU an answer; board read the plain way: {result['plain_seconds']:.1f} s"
    )


# ---- the server ---------------------------------------------------------------------------------


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as found:
        found.bind((HERE, 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _server(database: str) -> Iterator[tuple[int, int]]:
    """Port and process of the production server, in a session of its own; gone afterwards."""
    port = free_port()
    code = (
        "import sys; from vorort.web import register;"
        "register.use(sys.argv[1], plain_http=True, migrate=False);"
        "register.serve_with_gunicorn(int(sys.argv[2]), int(sys.argv[3]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, database, str(port), str(WORKERS)],
        env={**os.environ, **PATH}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port)
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection((HERE, port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def _cpu(leader: int) -> float:
    """CPU seconds of all processes of a session, where the system tells them."""
    total = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            columns = place.read_text("utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(columns[3]) == leader:
            total += int(columns[11]) + int(columns[12])
    return total / os.sysconf("SC_CLK_TCK")


# ---- in processes of their own, since Django is set up once a process ---------------------------


def _in_a_process(what: str, database: str, city: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "vorort.bench.web", what, database, city],
        env={**os.environ, **PATH}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def prepare(database: str, city: str) -> dict[str, Any]:
    """Make the city where it is not there yet, and say what is in it."""
    from vorort.web import register

    register.use(database, plain_http=True)
    from vorort.web.town.models import Kommune

    if not Kommune.objects.exists():
        register.invent(city)
    from django.db import connection

    from vorort.web.city.frame import TODAY
    from vorort.web.demo import PASSWORD
    from vorort.web.intake.models import Household, Membership, Person
    from vorort.web.placing.models import Stay, StayOld
    from vorort.web.town.models import Site, Unit

    here = Membership.objects.filter(person__left_on__isnull=True, household__protected=False)
    homes = here.order_by("household_id").values_list("household__key", flat=True).distinct()
    keys = list(homes)
    sites = Site.objects.filter(unit__domain="accommodation", address_protected=False)
    return {
        "vendor": connection.vendor, "households": Household.objects.count(),
        "persons": Person.objects.count(), "units": Unit.objects.count(),
        "stays": Stay.objects.count(), "old": StayOld.objects.count(),
        "waiting_keys": _waiting(), "other_sites": _other_sites(LOGINS[0]),
        "household_keys": keys[:: max(1, len(keys) // 500)],
        "site_keys": sorted(set(sites.values_list("key", flat=True))),
        "known": TODAY.replace(month=TODAY.month - 2).isoformat(),
        "logins": [(name, PASSWORD) for name in LOGINS],
        "plain_seconds": _plain(),
    }  # fmt: skip


def _waiting() -> list[str]:
    """Households with adults that have no place, not even a held one."""
    from django.db.models import Exists, OuterRef

    from vorort.web.intake.models import Household, Membership
    from vorort.web.placing.models import Stay

    here = Membership.objects.filter(member_until__isnull=True, person__left_on__isnull=True)
    placed = Stay.objects.filter(
        person=OuterRef("person"), domain="accommodation", status__in=LIVING
    )
    homeless = Household.objects.filter(protected=False, pk__in=here.values("household"))
    homeless = homeless.exclude(pk__in=here.filter(Exists(placed)).values("household"))
    return list(homeless.exclude(kind="uam").order_by("key").values_list("key", flat=True))


def _other_sites(login: str) -> list[str]:
    """Sites of other offices than a colleague's."""
    from vorort.web.accounts.models import User
    from vorort.web.town.models import Site

    office = User.objects.get(username=login).office
    return sorted(Site.objects.exclude(owner=office).values_list("key", flat=True))


def _plain() -> float:
    from vorort.ledger import occupancy
    from vorort.web import bridge, clock

    began = time.perf_counter()
    occupancy(bridge.whole_ledger(), clock.today(), today=clock.today()).by_facility  # noqa: B018
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(prepare(*sys.argv[2:])))
