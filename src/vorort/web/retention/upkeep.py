"""What of a deleted person would stay in PostgreSQL's files, and how it goes. German: Pflege

A deleted row stays in the table's file until it is rewritten, and a value of it may stand in the
planner's statistics. So columns that hold something of people have no statistics, and the night
after a deletion their tables are rewritten. The write-ahead log and copies of the whole server are
outside our reach: the page on operations names them. SQLite overwrites at once (`secure_delete`).
"""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection, models

from vorort.web.accounts import trail
from vorort.web.accounts.models import Act
from vorort.web.intake.models import Household, Person
from vorort.web.retention.models import Deletion

KIND = "upkeep"
WORDS = (models.CharField, models.TextField)
WAIT, WAITS = 0.5, 240  # seconds, times: longer than any page or statistics take
NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


def personal() -> list[type[models.Model]]:
    """Tables with something of people: whatever goes when a person or household goes."""
    found: list[type[models.Model]] = [Person, Household]
    for table in found:  # grows while it is walked
        for relation in table._meta.get_fields(include_hidden=True):
            other = relation.related_model
            hangs = getattr(relation, "on_delete", None) is models.CASCADE
            if hangs and relation.auto_created and isinstance(other, type) and other not in found:
                found.append(other)
    return found


def without_statistics(**_: Any) -> None:
    """After each change of the tables: no statistics on words in what may name people."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in [*personal(), *_of_others()]:
            name = table._meta.db_table
            words = [f.column for f in table._meta.concrete_fields if isinstance(f, WORDS)]
            if name not in there or not words:
                continue
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass "
                "AND attname = ANY(%s) AND attstattarget IS DISTINCT FROM 0",
                [f'"{name}"', words],
            )
            for (column,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE "{name}" ALTER COLUMN "{column}" SET STATISTICS 0')


def is_due() -> bool:
    """Was anybody deleted since the tables were last rewritten?"""
    if connection.vendor != "postgresql":
        return False
    last = Act.objects.filter(kind=KIND).order_by("-id").first()
    deleted = Deletion.objects.all()
    return bool((deleted.filter(at__gte=last.at) if last else deleted).exists())


def rewrite() -> bool:
    """Rewrite the tables of people where somebody was deleted; was it done?

    Each table is closed for the seconds this takes. Rows somebody's open transaction may still see
    would be written again: where one does not end, it stays due.
    """
    if not is_due():
        return False
    with connection.cursor() as cursor:
        if not _others_have_ended(cursor):
            return False
        for table in [*personal(), *_of_others()]:
            cursor.execute(f'VACUUM (FULL, ANALYZE) "{table._meta.db_table}"')
    trail.once(None, uuid4(), KIND, lambda act: None)
    return True


def _others_have_ended(cursor: Any) -> bool:
    """Does every transaction see what has been deleted until now? Waited for.

    What a table may lose is reckoned from the snapshots of its own database, ours among them; and a
    snapshot reaches back to the oldest transaction that writes anywhere on the server. So of other
    databases those that write are waited for, of this one those that only read as well.
    """
    cursor.execute(NEXT)
    (first,) = cursor.fetchone()
    for _ in range(WAITS):
        cursor.execute(NEXT)
        (now,) = cursor.fetchone()
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s AND NOT EXISTS ("
            "SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND age(backend_xmin) > %s)", [first, now - first],
        )  # fmt: skip
        if cursor.fetchone() == (True,):
            return True
        time.sleep(WAIT)
    return False


def _of_others() -> list[type[models.Model]]:
    """Tables that held values for a while: staged lists, sessions, jobs, notes of who changed."""
    labels = ("lists", "sessions", "django_tasks_database", "outlook", "deadlines")
    known = personal()
    return [
        m for m in apps.get_models()
        if m._meta.app_label in labels and m._meta.managed and not m._meta.proxy and m not in known
    ]  # fmt: skip
