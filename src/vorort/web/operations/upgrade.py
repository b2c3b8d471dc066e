"""Backup, migrate, check; and back to where it was when that fails. German: Aktualisierung"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from vorort.problems import Problem, Refused
from vorort.web.operations import backup


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

    The backup is written first. If a step or the check after it fails, the steps already taken are
    taken back, and `Refused` says what happened and where the backup is.
    """
    todo = pending()
    if not todo:
        return []
    heads = _heads()
    if heads:
        backup.write(path, secret)
    try:
        migrate("migrate", verbosity=0)
        call_command("check", "--fail-level", "ERROR")
        if pending():
            raise RuntimeError("not applied: " + ", ".join(pending()))
    except Exception as error:
        for app in {t.split(".")[0] for t in todo}:
            call_command("migrate", app, heads.get(app, "zero"), verbosity=0)
        raise Refused([
            Problem(
                "upgrade", f"Die Aktualisierung ist gescheitert und wurde zurückgenommen: {error}",
                f"The upgrade failed and was taken back: {error}",
                f"Mit der alten Version weiterarbeiten; die Sicherung liegt in {path}.",
                f"Go on with the old version; the backup is in {path}.",
            )
        ]) from error  # fmt: skip
    return todo
