"""Every change of the register goes through here: one intent, one transaction, one entry.

German: Protokoll. The entry says who, when, in which role, what kind and, as a code, why. What was
changed about a person hangs on the person and dies with it; so does every free text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from vorort.problems import Problem, Refused
from vorort.web import answer, clock
from vorort.web.accounts.gate import gate
from vorort.web.accounts.models import Act, ActValue, User

AT_THE_END: list[Callable[[Act], None]] = []  # what belongs to every act: totals


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was written, now or by the same request before. German: Vorgang"""

    act: Act
    repeated: bool = False


def once(
    actor: User | None, key: UUID, kind: str, do: Callable[[Act], None], reason: str = ""
) -> Done:
    """Write the entry and let ``do`` make the change, both or neither; the same key is one act.

    ``do`` takes its locks first (`placing.locks.lock`), then reads, then writes, and raises
    `Refused` with every reason together; nothing is written then. ``actor`` None: the command line.
    """
    try:
        with gate(), transaction.atomic():
            before = Act.objects.filter(key=key).first()
            if before is not None:
                return _repeated(before, actor, kind)
            act = Act.objects.create(
                key=key, actor=actor, role=actor.role.key if actor else "command line",
                office=actor.office.key if actor else "", at=clock.now(), kind=kind,
                reason_code=reason,
            )  # fmt: skip
            do(act)
            for finish in AT_THE_END:
                finish(act)
        answer.changed()
        return Done(act)
    except IntegrityError:
        # PostgreSQL: the same request came twice at once and the other one was quicker.
        before = Act.objects.filter(key=key).first()
        if before is None:
            raise
        return _repeated(before, actor, kind)


def changed(
    act: Act,
    table: str,
    row: Any,
    values: Mapping[str, tuple[Any, Any]],
    *,
    subject: UUID | None = None,
) -> None:
    """Note (old, new) of each field that differs. ``subject``: whom it is about; None: a place."""
    ActValue.objects.bulk_create(_noted(act, table, row, values, subject))


def changed_places(
    act: Act, table: str, rows: Iterable[tuple[Any, Mapping[str, tuple[Any, Any]]]]
) -> None:
    """The same of many rows about places, in few statements."""
    ActValue.objects.bulk_create(
        (value for row, values in rows for value in _noted(act, table, row, values, None)),
        batch_size=500,
    )  # fmt: skip


def _noted(
    act: Act, table: str, row: Any, values: Mapping[str, tuple[Any, Any]], subject: UUID | None
) -> Iterator[ActValue]:
    for name, (old, new) in values.items():
        if old != new:
            yield ActValue(
                act=act, subject_id=subject, table=table, row=str(row), field=name,
                old=_text(old), new=_text(new),
            )  # fmt: skip


def fields_of(row: Any, *left_out: str) -> dict[str, Any]:
    """The columns of a row of the database, to compare before and after."""
    return {
        f.attname: getattr(row, f.attname)
        for f in row._meta.concrete_fields
        if not f.primary_key and f.attname not in left_out
    }


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """(old, new) of every field of two states; what is missing was or is nothing."""
    return {name: (before.get(name), after.get(name)) for name in {**before, **after}}


def _text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _repeated(before: Act, actor: User | None, kind: str) -> Done:
    if (before.actor_id, before.kind) != (actor.pk if actor else None, kind):
        raise Refused([
            Problem(
                "", "Dieser Vorgang trägt die Kennung eines anderen.",
                "This act carries the key of another.",
                "Seite neu laden.", "Reload the page.",
            )
        ])  # fmt: skip
    return Done(before, repeated=True)
