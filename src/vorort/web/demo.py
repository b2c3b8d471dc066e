"""A register to try: an invented town, logins without second factor, on this machine only."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vorort.web import register

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
PASSWORD = "musterstadt"  # noqa: S105 printed on purpose, refused by every real database


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that stands: its server, not yet serving, and its logins."""

    server: register.Server
    address: str
    logins: tuple[tuple[str, str], ...]  # user name, password
    worker: subprocess.Popen[bytes]

    def serve(self) -> None:
        """Until interrupted; server and worker end together."""
        try:
            self.server.serve_forever()
        finally:
            self.close()

    def close(self) -> None:
        """Stop both."""
        self.server.server_close()
        self.worker.terminate()
        try:
            self.worker.wait(10)
        except subprocess.TimeoutExpired:
            self.worker.kill()


def start(
    folder: Path,
    port: int = 8000,
    *,
    town: Path | None = None,
    draws: int = 0,
    result: dict[str, Any] | None = None,
) -> Demo:
    """A demo register of Musterstadt in ``folder`` (made anew), ready to serve on ``port``.

    ``draws``: stress test on it for the Today page; 0 = none. ``result``: of one that was run on
    the same folder already. Call ``.server.serve_forever()``.
    Raises `Refused` where the port is taken or the town cannot be read.
    """
    from vorort.stress.front import examples

    database = folder / "register.sqlite3"
    for left in folder.glob("register.sqlite3*"):
        left.unlink()
    register.use(database, plain_http=True)
    register.load(town or examples() / "musterstadt", is_demo=True)
    from vorort.web.intake.invented import name_everybody

    write_logins()
    name_everybody()
    if result is not None:
        register.keep_outlook(result, result["draws"])
    elif draws:
        register.outlook(draws)
    server = register.server(port)
    address = f"http://{register.HERE}:{server.server_port}/"
    return Demo(
        server, address, tuple((name, PASSWORD) for name, _, _ in LOGINS), _worker(database)
    )


def _worker(database: Path) -> subprocess.Popen[bytes]:
    """The process that runs what pages begin; ends with the demo."""
    code = (
        "import sys; from vorort.web import register;"
        "register.use(sys.argv[1], plain_http=True, migrate=False); register.worker()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(database)], stdin=subprocess.DEVNULL,
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
