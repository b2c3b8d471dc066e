"""What a check of a long list has found, kept at its rows until it is applied or dropped.

For whoever asked for the check: whom a row may already be depends on what one may see.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, QuerySet

from vorort.files.lists import read_rows
from vorort.files.sheets import Table
from vorort.web import bulk, clock
from vorort.web.accounts.models import User
from vorort.web.lists.models import Batch, Line
from vorort.web.lists.staging import Planned

EMPTY = "[]"
CLEARED = {"becomes": "", "told": "", "who_id": None}


def keep(batch: Batch, user: User, planned: list[Planned]) -> None:
    """Note at each row what it would become, and why not."""
    with transaction.atomic():
        bulk.change(Line, (
            {
                "id": p.line, "becomes": p.becomes,
                "told": json.dumps([[q.reason_de, q.reason_en] for q in p.problems])
                if p.problems else "",
                "who_id": p.person.pk if p.person else None,
            }
            for p in planned
        ))  # fmt: skip
        Batch.objects.filter(pk=batch.pk, mapping=batch.mapping).update(
            checked_by=user, checked_at=clock.now()
        )


def is_for(batch: Batch, user: User) -> bool:
    """Has this user had the list checked, with the columns it has now?"""
    return batch.checked_by_id == user.pk


def rows(batch: Batch, becomes: str = "") -> QuerySet[Line]:
    """The rows that were checked, in the order of the list."""
    found = batch.lines.exclude(becomes="").select_related("who").order_by("number")
    return found.filter(becomes=becomes) if becomes else found


def counts(batch: Batch) -> dict[str, int]:
    """How many rows become what."""
    found = batch.lines.exclude(becomes="").order_by().values_list("becomes")
    return dict(found.annotate(n=Count("pk")))


def ready(batch: Batch) -> int:
    """How many rows would go in."""
    doubt = batch.lines.filter(becomes="doubt", choice="new").count()
    return batch.lines.filter(becomes="new").count() + doubt


def planned(batch: Batch, lines: Iterable[Line]) -> list[tuple[Planned, list[list[str]]]]:
    """Some of these rows, read again, and what was said of them in both languages."""
    chosen = list(lines)
    cells = tuple((line.number, tuple(json.loads(line.cells))) for line in chosen)
    table = Table(tuple(json.loads(batch.header)), cells)
    mapping = json.loads(batch.mapping or "{}")
    read = read_rows(table, batch.kind, mapping, clock.today(), batch.name)
    return [
        (Planned(row, line.pk, line.becomes, row.problems, line.who, line.choice),
         json.loads(line.told or "[]"))
        for line, row in zip(chosen, read, strict=True)
    ]  # fmt: skip
