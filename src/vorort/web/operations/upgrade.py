"""Backup, migrate, check; and back to where it was when that fails. German: Aktualisierung"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from vorort.problems import Problem, Refused
from vorort.web.operations import backup
from vorort.web.totals import keeping


def pending() -> list[str]:
    """Migrations that are not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{m.app_label}.{m.name}" for m, _ in plan]


def _heads() -> dict[str, str]:
    """The last migration applied of each part."""
    found: dict[str, str] = {}
    for app, name in sorted(MigrationExecutor(connection).loader.applied_migrations):
        found[app] = name
    return found


def upgrade(path: Path, secret: str, *, migrate: Any = call_command) -> list[str]:
    """Bring the database up to date; returns what was applied.

    The backup is written first. If a step or the check after it fails, the database is what it was
    before, and `Refused` says what happened and where the backup is. No one may work meanwhile:
    the services are stopped first.
    """
    todo = pending()
    if not todo:
        return []
    if _heads():
        backup.write(path, secret)
    try:
        with _all_or_nothing(path):
            migrate("migrate", verbosity=0)
            call_command("check", "--fail-level", "ERROR")
            connection.check_constraints()
            keeping.settle(None)
            if pending():
                raise RuntimeError("not applied: " + ", ".join(pending()))
    except Exception as error:
        raise Refused([
            Problem(
                "upgrade", f"Die Aktualisierung ist gescheitert und wurde zurückgenommen: {error}",
                f"The upgrade failed and was taken back: {error}",
                f"Mit der alten Version weiterarbeiten; die Sicherung liegt in {path}.",
                f"Go on with the old version; the backup is in {path}.",
            )
        ]) from error  # fmt: skip
    return todo


@contextmanager
def _all_or_nothing(path: Path) -> Iterator[None]:
    """PostgreSQL changes tables within one transaction. On SQLite the tables are built anew outside
    of one, so the file itself is kept and put back."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    name = Path(str(connection.settings_dict["NAME"]))
    kept = name.with_name(name.name + ".before")
    kept.unlink(missing_ok=True)
    connection.ensure_connection()
    with closing(sqlite3.connect(kept)) as copy:
        connection.connection.backup(copy)
    try:
        yield
    except BaseException:
        connection.close()
        for rest in ("-wal", "-shm"):
            name.with_name(name.name + rest).unlink(missing_ok=True)
        kept.replace(name)
        raise
    kept.unlink()
