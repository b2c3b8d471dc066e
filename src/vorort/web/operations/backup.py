"""One file with every table, the same on SQLite and PostgreSQL; restored only into an empty one.

It is the way from one to the other. A restored register does not open before everybody who was
deleted since is deleted again. German: Sicherung, Wiederherstellung
"""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction

from vorort import __version__
from vorort.problems import Problem, Refused
from vorort.web import bridge, bulk, clock
from vorort.web.accounts import factor
from vorort.web.accounts.models import RecoveryCode, SecondFactor
from vorort.web.operations.sealed import SealedWriter, unsealed

# made anew; a session is nobody's after a restore
LEFT_OUT = ("contenttypes", "sessions", "totals", "deadlines")
BATCH = 500


def passphrase(file: Path | None) -> str:
    """From a file outside the folder of the database; raises `Refused` where there is none."""
    path = file or Path(os.environ.get("VORORT_PASSPHRASE_FILE", "") or "-")
    try:
        found = path.read_text("utf-8").strip()
    except OSError:
        found = ""
    if len(found) < 12:
        raise Refused([
            Problem(
                "VORORT_PASSPHRASE_FILE",
                "Die Datei mit der Passphrase fehlt oder ist kürzer als 12 Zeichen.",
                "The file with the passphrase is missing or shorter than 12 characters.",
                "Mit --passphrase-file angeben; getrennt von der Sicherung aufbewahren.",
                "Give it by --passphrase-file; keep it apart from the backup.",
            )
        ])  # fmt: skip
    return found


def keep_apart(passphrase_file: Path | None, target: Path) -> None:
    """Raises `Refused` where the passphrase lies beside the backup or below the database's folder:
    who takes one would have both."""
    given = (
        passphrase_file or Path(os.environ.get("VORORT_PASSPHRASE_FILE", "") or "-")
    ).absolute()
    is_beside = given.parent == target.absolute().parent
    if connection.vendor == "sqlite":
        home = Path(str(connection.settings_dict["NAME"])).absolute().parent
        is_beside = is_beside or home in given.parents
    if is_beside:
        raise Refused([
            Problem(
                str(given), "Die Passphrase liegt im Ordner der Sicherung oder der Datenbank.",
                "The passphrase lies in the folder of the backup or of the database.",
                "Die Datei in einen anderen Ordner legen, zum Beispiel /etc/vorort/passphrase.",
                "Put the file into another folder, for example /etc/vorort/passphrase.",
            )
        ])  # fmt: skip


def tables() -> list[type[models.Model]]:
    """Every table that holds something of the register."""
    return [
        m for m in apps.get_models(include_auto_created=True)
        if m._meta.app_label not in LEFT_OUT and m._meta.managed and not m._meta.proxy
    ]  # fmt: skip


def _migrations() -> list[list[str]]:
    from django.db.migrations.recorder import MigrationRecorder

    rows = MigrationRecorder(connection).applied_migrations()
    return sorted([app, name] for app, name in rows)


def _lines() -> Iterator[dict[str, Any]]:
    yield {"version": __version__, "migrations": _migrations(), "signing": settings.SECRET_KEY}
    for table, names in _there():
        yield {"table": table._meta.label, "columns": names}
        rows = table._base_manager.order_by("pk").values_list(*names)  # type: ignore[attr-defined]
        for row in rows.iterator(chunk_size=2000):
            yield {"row": [_plain(v) for v in row]}
    yield {"end": True}


def _there() -> list[tuple[type[models.Model], list[str]]]:
    """Tables and columns that the database has: before an upgrade fewer than the code knows."""
    found = []
    with connection.cursor() as cursor:
        known = set(connection.introspection.table_names(cursor))
        for table in tables():
            name = table._meta.db_table
            if name in known:
                rows = connection.introspection.get_table_description(cursor, name)
                columns = {row.name for row in rows}
                fields = [f for f in table._meta.concrete_fields if f.column in columns]
                found.append((table, [f.attname for f in fields]))
    return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else (
        value.isoformat() if hasattr(value, "isoformat") else str(value)
    )  # fmt: skip


def write(path: Path, secret: str) -> int:
    """Write a backup while others work; returns its size. Nothing half-written is left."""
    sealed = SealedWriter(path, secret)
    try:
        target: Any = sealed
        with bridge.snapshot(), gzip.GzipFile(fileobj=target, mode="wb", mtime=0) as packed:
            for line in _lines():
                packed.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        sealed.finish()
    except BaseException:
        sealed.drop()
        raise
    return path.stat().st_size


def _read(path: Path, secret: str) -> Iterator[dict[str, Any]]:
    class Chunks(io.RawIOBase):
        """The plain bytes as a file."""

        def __init__(self) -> None:
            self._parts, self._rest = unsealed(path, secret), b""

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            while not self._rest:
                try:
                    self._rest = next(self._parts)
                except StopIteration:
                    return 0
            part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
            buffer[: len(part)] = part
            return len(part)

    with gzip.GzipFile(fileobj=io.BufferedReader(Chunks())) as packed:
        for line in packed:
            yield json.loads(line)


class Restored(NamedTuple):
    """What a restore did."""

    rows: int
    again: int  # people deleted again
    codes: int  # recovery codes that no longer count, see `_sign_anew`


def restore(path: Path, secret: str, *, without_list: bool = False) -> Restored:
    """Fill an empty database, all or nothing, and delete again whom the lists name.

    The lists are the backup's, and the file beside the database; afterwards the file holds both.
    Where there is no file somebody has to say so.
    """
    from vorort.web.retention import actions as retention
    from vorort.web.retention.models import Deletion
    from vorort.web.totals import keeping
    from vorort.web.town.models import Kommune

    if Kommune.objects.exists():
        raise Refused([
            Problem(
                "VORORT_DATABASE", "Die Datenbank ist nicht leer.", "The database is not empty.",
                "In eine neue Datenbank zurückspielen.", "Restore into a new database.",
            )
        ])  # fmt: skip
    if not retention.list_file().exists() and not without_list:
        raise Refused([
            Problem(
                str(retention.list_file()), "Die Löschliste neben der Datenbank fehlt.",
                "The deletion list beside the database is missing.",
                "Die Datei der alten Datenbank hierher kopieren (VORORT_DELETIONS), oder mit "
                "--no-deletion-list sagen, dass es keine gibt.",
                "Copy the old database's file here (VORORT_DELETIONS), or say by "
                "--no-deletion-list that there is none.",
            )
        ])  # fmt: skip
    lines = _read(path, secret)
    with transaction.atomic():
        head = next(lines)
        rows = _fill(head, lines, path)
        codes = _sign_anew(str(head["signing"]))
        subjects: set[UUID] = set(Deletion.objects.values_list("subject", flat=True))
        again = retention.apply_again(sorted(subjects | retention.noted()))
        keeping.rebuild_all()
    retention.note(sorted(subjects - retention.noted()), clock.now())
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # who came in and went again leaves traces within pages
    bulk.counted()
    retention.sweep()
    return Restored(rows, again, codes)


def _sign_anew(old: str) -> int:
    """Second factors are sealed with the register's signing key: on another machine, with its own
    key, they are sealed anew. Recovery codes are only known as hashes under the old key and end;
    returns how many."""
    if old == settings.SECRET_KEY:
        return 0
    for row in SecondFactor.objects.all():
        factor.reseal(row, old)
    return int(RecoveryCode.objects.all().delete()[0])


def _fill(head: dict[str, Any], lines: Iterator[dict[str, Any]], path: Path) -> int:
    if [tuple(m) for m in head["migrations"]] != [tuple(m) for m in _migrations()]:
        raise Refused([
            Problem(
                str(path), f"Die Sicherung ist von Version {head['version']}.",
                f"The backup is of version {head['version']}.",
                "Mit dieser Version zurückspielen, dann `vorort upgrade`.",
                "Restore with that version, then `vorort upgrade`.",
            )
        ])  # fmt: skip
    for old in tables():  # what a fresh database brings along: the first roles
        old._base_manager.all().delete()  # type: ignore[attr-defined]
    rows, is_whole = 0, False
    waiting: list[Any] = []
    table: Any = None
    fields: list[Any] = []
    with connection.constraint_checks_disabled():
        for line in lines:
            if "row" in line and table is not None:
                pairs = zip(fields, line["row"], strict=True)
                waiting.append(table(**{f.attname: _value(f, v) for f, v in pairs}))
                rows += 1
            if waiting and ("row" not in line or len(waiting) >= BATCH):
                table._base_manager.bulk_create(waiting)
                waiting = []
            if "table" in line:
                table = apps.get_model(line["table"])
                by_name = {f.attname: f for f in table._meta.concrete_fields}
                fields = [by_name[n] for n in line["columns"]]
            is_whole = is_whole or "end" in line
    if not is_whole:
        raise Refused([
            Problem(
                str(path), "Die Sicherung hat kein Ende.", "The backup has no end.",
                "Eine andere nehmen.", "Take another.",
            )
        ])  # fmt: skip
    connection.check_constraints()
    _reset_numbers()
    return rows


def _value(field: Any, value: Any) -> Any:
    if value is None:
        return None
    return (field.target_field if field.is_relation else field).to_python(value)


def _reset_numbers() -> None:
    """PostgreSQL: the next number of each table follows the last one restored."""
    commands = connection.ops.sequence_reset_sql(no_style(), tables())
    with connection.cursor() as cursor:
        for command in commands:
            cursor.execute(command)
