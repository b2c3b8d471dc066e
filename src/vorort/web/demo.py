"""A register to try: an invented town, logins without second factor, on this machine only."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vorort.web import register
from vorort.web.city.frame import Size

# user name, role, office; the password is the same for all and worth nothing elsewhere
LOGINS = (
    ("belegung", "belegung", "sozialamt"),
    ("schutz", "schutz", "sozialamt"),
    ("bereitschaft", "bereitschaft", "sozialamt"),
    ("standort", "standort", "sozialamt"),
    ("jugendamt", "fall", "jugendamt"),
    ("planung", "planung", "gebaeude"),
    ("verwaltung", "verwaltung", "sozialamt"),
    ("kita", "extern", "kreuz"),
    ("revision", "revision", "sozialamt"),
)
DATABASE = "register.sqlite3"
PASSWORD = "musterstadt"  # noqa: S105 printed on purpose, refused by every real database


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that stands: its server, not yet serving, and its logins."""

    server: register.Server | None
    logins: tuple[tuple[str, str], ...]  # user name, password
    worker: subprocess.Popen[bytes] | None
    reports: dict[str, str]  # language -> page; empty where nothing was run

    @property
    def address(self) -> str:
        """Where to open it; empty where nothing is served."""
        return f"http://{register.HERE}:{self.server.server_port}/" if self.server else ""

    def serve(self) -> None:
        """Until interrupted; server and worker end together."""
        try:
            if self.server is not None:
                self.server.serve_forever()
        finally:
            self.close()

    def close(self) -> None:
        """Stop both."""
        if self.server is not None:
            self.server.server_close()
        if self.worker is None:
            return
        if self.worker.stdin is not None:
            self.worker.stdin.close()
        self.worker.terminate()
        try:
            self.worker.wait(10)
        except subprocess.TimeoutExpired:
            self.worker.kill()


def start(folder: Path, port: int = 8000, *, town: Path | None = None, draws: int = 0) -> Demo:
    """A demo register in ``folder`` (made anew), ready to serve on ``port``.

    ``draws``: stress test on it for the Today page; 0 = none. Call ``.serve()``.
    Raises `Refused` where the port is taken or the town cannot be read.
    """
    found = fill(folder, register.bound(port), town=town)
    if draws:
        register.outlook(draws)
    return found


def fill(
    folder: Path, server: register.Server | None, *, town: Path | None = None,
    result: dict[str, Any] | None = None, past: dict[str, Any] | None = None,
    size: Size | None = None,
) -> Demo:  # fmt: skip
    """The register of a town, made anew; with a server also the worker.

    ``result``, ``past``: of a stress test of the same folder and of the backtests, if run already.
    ``size``: not the town of a folder but an invented city, with a bar.
    """
    from vorort.stress.front import examples

    database = folder / DATABASE
    for left in (*folder.glob(f"{DATABASE}*"), *folder.glob("*.deletions")):
        left.unlink()
    register.use(database, plain_http=True)
    if size is not None:
        from vorort.web.city.show import fill as invent

        invent(size)
    else:
        register.load(town or examples() / "musterstadt", is_demo=True)
        from vorort.web.intake.invented import name_everybody

        write_logins()
        name_everybody()
    if past is not None:
        register.keep_review(past)
    reports = {}
    if result is not None:
        reports = register.keep_outlook(result, result["draws"])
    if server is not None:
        register.opened(server)
    return Demo(
        server, tuple((name, PASSWORD) for name, _, _ in LOGINS),
        _worker(database) if server is not None else None, reports,
    )  # fmt: skip


def _worker(database: Path) -> subprocess.Popen[bytes]:
    """The process that runs what pages begin. It ends with the demo, however that ends: then its
    input is closed."""
    code = (
        "import os, sys, threading\n"
        "def watch():\n"
        "    sys.stdin.buffer.read()\n"
        "    os._exit(0)\n"
        "threading.Thread(target=watch, daemon=True).start()\n"
        "from vorort.web import register\n"
        "register.use(sys.argv[1], plain_http=True, migrate=False)\n"
        "register.worker()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(database)], stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


def write_logins() -> None:
    """The demo's logins, for the offices this town has. Refused outside a demo database."""
    from django.contrib.auth.hashers import make_password

    from vorort.problems import Problem, Refused
    from vorort.web.accounts.login import is_demo
    from vorort.web.accounts.models import Role, User
    from vorort.web.town.models import Office

    if not is_demo():
        raise Refused([
            Problem(
                "VORORT_DATABASE", "Zugänge der Vorführung gehören nicht in eine echte Datenbank.",
                "Demo logins do not belong into a real database.",
                "`vorort demo` macht sich eine eigene.", "`vorort demo` makes its own.",
            )
        ])  # fmt: skip
    roles = {r.key: r for r in Role.objects.all()}
    offices = {o.key: o for o in Office.objects.all()}
    secret = make_password(PASSWORD)
    User.objects.bulk_create(
        User(username=name, password=secret, role=roles[role], office=offices[office], is_demo=True)
        for name, role, office in LOGINS
        if office in offices
    )
