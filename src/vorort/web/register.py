"""Making, filling, writing out and serving a register. What `vorort web ...` calls.

Django is set up by `use`, before anything else of the web package is imported; hence the imports
inside the functions.
"""

from __future__ import annotations

import os
import socketserver
import uuid
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from vorort.problems import Problem, Refused

HERE = "127.0.0.1"


def use(database: Path | str, *, plain_http: bool = False, migrate: bool = True) -> None:
    """Point this process to a database, once; bring its tables up to date unless told not to."""
    import django

    os.environ["VORORT_DATABASE"] = str(database)
    os.environ["DJANGO_SETTINGS_MODULE"] = "vorort.web.settings"
    if plain_http:
        os.environ["VORORT_PLAIN_HTTP"] = "1"
    if not str(database).startswith("postgresql://"):
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from vorort.web.totals import keeping

        keeping.settle(None)  # tables that are new in a register that is full


def load(folder: Path, *, is_demo: bool = False) -> Any:
    """A scenario folder into an empty register, all or nothing. Raises `Refused`."""
    from vorort.stress.setup import open_scenario
    from vorort.web import bulk, clock, scenarios
    from vorort.web.accounts import rights
    from vorort.web.accounts.models import Act, Role
    from vorort.web.deadlines.keeping import reckon_all
    from vorort.web.totals import keeping

    found, _ = open_scenario(folder)  # own values are checked too, as on the command line
    _refuse_a_full_one(str(folder))
    act = Act(key=uuid.uuid4(), role="command line", office="", at=clock.now(), kind="load")
    loaded = scenarios.load(found, act, is_demo=is_demo)
    if not Role.objects.exists():
        rights.write_first_roles()
    keeping.rebuild_all()
    reckon_all(clock.today())
    bulk.counted()
    return loaded


def invent(size: str) -> Any:
    """An invented city into an empty register, with a bar. A demo: no real logins, no imports."""
    from vorort.web.city.frame import chosen
    from vorort.web.city.show import fill

    wanted = chosen(size)
    _refuse_a_full_one(size)
    return fill(wanted)


def _refuse_a_full_one(place: str) -> None:
    from vorort.web.town.models import Kommune

    if Kommune.objects.exists():
        raise Refused([
            Problem(
                place, "Das Register ist nicht leer.", "The register is not empty.",
                "Eine neue Datenbank angeben.", "Name a new database.",
            )
        ])  # fmt: skip


def add_user(name: str, role: str, office: str) -> str:
    """A login from the command line, for whoever opens a new register; returns its start code."""
    from vorort.web.accounts import actions
    from vorort.web.accounts.login import is_demo
    from vorort.web.accounts.models import Role
    from vorort.web.town.models import Office

    problems = []
    for table, key, de, en in (
        (Role, role, "Rolle", "role"), (Office, office, "Stelle", "office"),
    ):  # fmt: skip
        known = list(table.objects.values_list("key", flat=True))
        if key not in known:
            problems.append(Problem(
                f"--{en}", f"Die {de} {key} gibt es nicht.", f"There is no {en} {key}.",
                f"Möglich: {', '.join(known)}.", f"Possible: {', '.join(known)}.",
            ))  # fmt: skip
    if is_demo():
        problems.append(Problem(
            "VORORT_DATABASE", "Eine Vorführung hat ihre eigenen Zugänge.",
            "A demo has logins of its own.", "Eine echte Datenbank angeben.",
            "Name a real database.",
        ))  # fmt: skip
    if problems:
        raise Refused(problems)
    return actions.add_user(None, uuid.uuid4(), name, role, office)[1]


def dump(folder: Path) -> None:
    """The register as a scenario folder, all files or none."""
    from vorort.files import write_scenario
    from vorort.web import scenarios

    write_scenario(scenarios.scenario(), folder)


def outlook(draws: int, seed: int = 1) -> dict[str, Any]:
    """Run the stress test on the register as it is now, and keep it for the pages."""
    import json

    from vorort.web import clock
    from vorort.web.outlook import runs
    from vorort.web.outlook.models import Run

    row = Run.objects.create(at=clock.now(), draws=draws, seed=seed, total=draws + 1)
    runs.execute(row.pk)
    row.refresh_from_db()
    found: dict[str, Any] = json.loads(row.result)
    return found


def keep_outlook(result: dict[str, Any], draws: int) -> dict[str, str]:
    """Keep a result computed from the same folder a moment ago; gives the report by language."""
    from django.utils import timezone

    from vorort.web import clock
    from vorort.web.outlook import runs
    from vorort.web.outlook.models import Run

    row = Run.objects.create(
        at=clock.now(), draws=draws, total=draws + 1, state="running", beat=timezone.now(),
        seed=result["seed"],
    )  # fmt: skip
    runs.keep(row.pk, result)
    row.refresh_from_db()
    return {"de": row.report_de, "en": row.report_en}


def keep_review(past: dict[str, Any]) -> None:
    """Keep the backtests of this version, for the reports of the runs to come."""
    from vorort.web.outlook import runs

    runs.keep_review(past)


def worker() -> None:
    """Do queued work until stopped."""
    from django.core.management import call_command

    call_command("db_worker", interval=1, startup_delay=False)


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """One thread a request, on this machine only."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # Windows would take a port over that is in use


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """No line per request: addresses may name people."""


def bound(port: int) -> Server:
    """A server that holds a port of 127.0.0.1 and does not know yet what it serves; 0 = any.

    Raises `Refused` where the port is taken. Needs no database.
    """
    try:
        return Server((HERE, port), _Quiet)
    except OSError as error:
        raise Refused([
            Problem(
                "--port", f"Der Anschluss {port} ist belegt.", f"Port {port} is taken.",
                "Mit --port 0 einen freien nehmen.", "Use --port 0 for any free one.",
            )
        ]) from error  # fmt: skip


def server(port: int) -> Server:
    """A server of the register on 127.0.0.1; port 0 takes any free one."""
    return opened(bound(port))


def opened(found: Server) -> Server:
    """The same server, which now serves the register."""
    from vorort.web.wsgi import application

    found.set_app(application)
    return found


def serve_with_gunicorn(port: int, workers: int) -> None:
    """Several processes with threads, for an office at work; returns when it is stopped.

    Log lines name no address: addresses may name households.
    """
    from gunicorn.app.base import BaseApplication

    from vorort.web import ready
    from vorort.web.wsgi import application

    day = ready.before_parting()

    class Served(BaseApplication):  # type: ignore[misc]
        """The register with our settings; no file of settings is read."""

        def load_config(self) -> None:
            """What differs from gunicorn's own choices."""
            for name, value in (
                ("bind", f"{HERE}:{port}"), ("workers", workers), ("threads", 4),
                ("worker_class", "gthread"), ("preload_app", False), ("accesslog", None),
                ("control_socket_disable", True),
                ("post_worker_init", lambda _: ready.keep_up(day)),
            ):  # fmt: skip
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            """The application."""
            return application

    Served().run()
