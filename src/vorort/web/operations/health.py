"""Is everything in order? Each check a line; no value of anybody. German: Betrieb"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from vorort.ledger import BEDS
from vorort.vocabulary import Text
from vorort.web import clock
from vorort.web.accounts.login import is_demo
from vorort.web.operations.upgrade import pending
from vorort.web.outlook.models import Run
from vorort.web.placing.models import Stay
from vorort.web.retention import actions as retention
from vorort.web.retention import upkeep
from vorort.web.retention.models import Deletion
from vorort.web.retention.periods import PURPOSES
from vorort.web.retention.periods import known as periods_set

DAY = 86400
LITTLE = 2 * 10**9  # bytes free on the disk
WAITS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what, whether it is in order, and what to do where not."""

    name: Text
    is_good: bool
    says: Text


def checks() -> list[Check]:
    """Everything that can be looked at from here."""
    found = [_migrations(), _backup(), _worker(), _disk(), _periods(), _deletions()]
    if connection.vendor == "postgresql":
        found += [_upkeep(), _copies()]
    return [*found, _holds(), _kind()]


def _check(name: tuple[str, str], good: bool, de: str, en: str) -> Check:
    return Check(Text(*name), good, Text(de, en))


def _migrations() -> Check:
    left = pending()
    if left:
        n = len(left)
        return _check(("Datenbank", "Database"), False, f"{n} Schritte fehlen: vorort upgrade",
                      f"{n} steps are missing: vorort upgrade")  # fmt: skip
    return _check(("Datenbank", "Database"), True, f"erreichbar und aktuell ({connection.vendor})",
                  f"reachable and up to date ({connection.vendor})")  # fmt: skip


def _backup() -> Check:
    folder = os.environ.get("VORORT_BACKUPS", "")
    files = [p.stat().st_mtime for p in Path(folder).glob("*.vorort")] if folder else []
    name = ("Sicherung", "Backup")
    if not folder:
        return _check(name, False, "VORORT_BACKUPS nennt keinen Ordner: nichts ist bekannt",
                      "VORORT_BACKUPS names no folder: nothing is known")  # fmt: skip
    if not files:
        return _check(name, False, f"in {folder} liegt keine", f"there is none in {folder}")
    hours = round((time.time() - max(files)) / 3600)
    key = os.environ.get("VORORT_PASSPHRASE_FILE", "?")
    return _check(name, hours * 3600 < 2 * DAY, f"vor {hours} Stunden; Passphrase in {key}",
                  f"{hours} hours ago; passphrase in {key}")  # fmt: skip


def _worker() -> Check:
    """Work that nobody takes: the worker is not running."""
    name = ("Hintergrunddienst", "Worker")
    waiting = DBTaskResult.objects.filter(status="READY")
    late = waiting.filter(enqueued_at__lt=timezone.now() - WAITS).count()
    if late:
        return _check(name, False,
                      f"{late} Rechnungen warten seit über 5 Minuten: läuft `vorort web worker`?",
                      f"{late} runs have waited for over 5 minutes: is `vorort web worker` on?",
                      )  # fmt: skip
    failed = Run.objects.order_by("-pk").filter(state="failed").first()
    last = Run.objects.order_by("-pk").filter(state__in=("done", "failed")).first()
    if failed is not None and last is not None and failed.pk == last.pk:
        return _check(name, False, "der letzte Ausblick ist gescheitert, siehe Seite Ausblick",
                      "the last outlook failed, see the outlook's page")  # fmt: skip
    return _check(name, True, "nichts liegt liegen", "nothing is left lying")


def _disk() -> Check:
    where = connection.settings_dict["NAME"] if connection.vendor == "sqlite" else "."
    free = shutil.disk_usage(Path(str(where)).parent).free
    return _check(("Platte", "Disk"), free > LITTLE, f"{free // 10**9} GB frei",
                  f"{free // 10**9} GB free")  # fmt: skip


def _periods() -> Check:
    open_ = [p.text for p in PURPOSES if p.key not in periods_set()]
    if not open_:
        return _check(("Löschfristen", "Retention"), True, "gesetzt", "set")
    return _check(("Löschfristen", "Retention"), False,
                  "nicht gesetzt, nichts wird fällig: " + "; ".join(t.de for t in open_),
                  "not set, nothing falls due: " + "; ".join(t.en for t in open_))  # fmt: skip


def _deletions() -> Check:
    known = set(Deletion.objects.values_list("subject", flat=True))
    left = retention.noted() - known
    return _check(("Löschliste", "Deletion list"), not left, f"{len(known)} Löschungen"
                  + (f", {len(left)} noch nicht wiederholt" if left else ""),
                  f"{len(known)} deletions" + (f", {len(left)} not repeated yet" if left else ""),
                  )  # fmt: skip


def _upkeep() -> Check:
    name = ("Pflege nach Löschungen", "Upkeep after deletions")
    if not upkeep.is_due():
        return _check(name, True, "keine Reste in den Tabellen", "nothing left in the tables")
    return _check(name, False, "seit der letzten Pflege wurde gelöscht: vorort web nightly",
                  "somebody was deleted since the last one: vorort web nightly")  # fmt: skip


def _copies() -> Check:
    """What we do not reach: the write-ahead log and copies of the whole server."""
    name = ("WAL und Kopien des Servers", "WAL and copies of the server")
    days = os.environ.get("VORORT_COPIES_DAYS", "")
    if days.isascii() and days.isdigit():
        return _check(name, True, f"halten Gelöschte höchstens {days} Tage (VORORT_COPIES_DAYS)",
                      f"hold deleted people at most {days} days (VORORT_COPIES_DAYS)")  # fmt: skip
    return _check(name, False,
                  "wie lange sie Gelöschte noch halten, ist nicht genannt (VORORT_COPIES_DAYS)",
                  "how long they still hold deleted people is not said (VORORT_COPIES_DAYS)",
                  )  # fmt: skip


def _holds() -> Check:
    late = Stay.objects.filter(domain=BEDS, status="held", kept_until__lte=clock.today()).count()
    return _check(("Vormerkungen", "Holds"), late == 0,
                  f"{late} abgelaufen und nicht entschieden" if late else "keine abgelaufen",
                  f"{late} expired and undecided" if late else "none expired")  # fmt: skip


def _kind() -> Check:
    return _check(("Art", "Kind"), True, *(
        ("Vorführung: alles erfunden", "demo: all invented") if is_demo()
        else ("echtes Register", "a real register")
    ))  # fmt: skip
