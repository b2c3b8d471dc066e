"""Many rows at once, past the rows' classes: for filling a register, and for sums; never for what
an act says of people and places."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby, islice, repeat
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.deletion import get_candidate_relations_to_delete

Row = Mapping[str, Any]  # column (`unit_id`, not `unit`) -> value; what is missing has its default
Wrote = Callable[[int], None]  # so many rows more are written
PART = 5000
MOST_VALUES = 900  # in one statement; older versions of SQLite take no more than 999


def quietly(rows: int) -> None:
    """Nobody watches."""


def write(table: type[models.Model], rows: Iterable[Row], wrote: Wrote = quietly) -> None:
    """Insert rows of the same columns, all or none; a running number is given by the database, a
    random key is not: it must be among the columns."""
    with transaction.atomic(savepoint=False):  # a savepoint keeps every page it touches twice
        _write(table, iter(rows), wrote)


def _write(table: type[models.Model], left: Iterator[Row], wrote: Wrote) -> None:
    while part := list(islice(left, PART)):
        names = list(part[0])
        rest = [f for f in table._meta.concrete_fields if f.attname not in part[0]]
        rest = [f for f in rest if not isinstance(f, models.AutoField)]
        if any(callable(f.default) for f in rest if f.has_default()):
            raise ValueError(f"{table.__name__}: a default of its own for each row")
        same = [f.get_default() for f in rest]
        columns = [table._meta.get_field(n).column for n in names]  # type: ignore[union-attr]
        lines = ([*(row[n] for n in names), *same] for row in part)
        _insert(table._meta.db_table, [*columns, *(f.column for f in rest)], lines)
        wrote(len(part))


@dataclass(frozen=True)
class Prepared:
    """Rows as the database takes them, but for columns of which only the act knows the values."""

    table: type[models.Model]
    columns: list[str]
    lines: list[tuple[Any, ...]]


def prepare(table: type[models.Model], rows: Iterable[Row], late: Sequence[str]) -> Prepared:
    """What takes long of writing rows, before anybody has to wait; ``late``: columns to come."""
    every, fields = list(rows), {f.attname: f for f in table._meta.concrete_fields}
    names = list(every[0]) if every else []
    rest = [
        f for name, f in fields.items()
        if name not in names and name not in late and not isinstance(f, models.AutoField)
    ]  # fmt: skip
    same = [f.get_default() for f in rest]
    is_plain = connection.vendor == "sqlite"
    lines = ([*(row[n] for n in names), *same] for row in every)
    return Prepared(
        table, [*(fields[n].column for n in names), *(f.column for f in rest)],
        [tuple(_plain(line) if is_plain else line) for line in lines],
    )  # fmt: skip


def put(rows: Prepared, **late: Any) -> None:
    """Insert what was prepared, all or none; ``late``: the value of a column for all rows, or a
    list with one for each."""
    fields = {f.attname: f.column for f in rows.table._meta.concrete_fields}
    is_plain = connection.vendor == "sqlite"
    more = [
        value if isinstance(value, list) else repeat(_plain([value])[0] if is_plain else value)
        for value in late.values()
    ]  # fmt: skip
    lines = [
        (*line, *rest) for line, *rest in zip(rows.lines, *more)  # noqa: B905 one is endless
    ]  # fmt: skip
    if lines:
        with transaction.atomic(savepoint=False):
            _insert_plain(
                rows.table._meta.db_table, [*rows.columns, *(fields[n] for n in late)], lines
            )


def _insert(table: str, columns: list[str], lines: Iterable[list[Any]]) -> None:
    is_plain = connection.vendor == "sqlite"
    _insert_plain(table, columns, [*map(_plain, lines)] if is_plain else lines)


def _insert_plain(table: str, columns: list[str], lines: Iterable[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(c) for c in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                for line in lines:
                    copy.write_row(line)
            return
        # Each statement that sets off triggers keeps every page it touches for itself: many rows
        # in one are three times as quick.
        marks = f"({', '.join(['%s'] * len(columns))})"
        left, many = iter(lines), max(1, MOST_VALUES // len(columns))
        parts = [*iter(lambda: [*islice(left, many)], [])]
        for length, alike in groupby(parts, len):
            cursor.executemany(
                f"INSERT INTO {quote(table)} ({names}) VALUES "  # noqa: S608 names of tables
                + ", ".join([marks] * length),
                [[*chain.from_iterable(part)] for part in alike],
            )


def referred() -> None:
    """PostgreSQL looks at the end of an act whether all that rows refer to is there: what has been
    written so far now, before the act makes others wait."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


@contextmanager
def written_back_after() -> Iterator[None]:
    """A large act on SQLite: what it wrote goes from the log into the file when nobody waits for it
    any more, not at its end."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0]
        cursor.execute("PRAGMA wal_autocheckpoint = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA wal_autocheckpoint = {int(before)}")
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _instant(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


# As SQLite keeps it, and as Django reads it.
PLAIN: dict[type, Callable[[Any], Any]] = {
    datetime: _instant, date: date.isoformat, UUID: lambda value: value.hex,
}  # fmt: skip


def _plain(line: Iterable[Any]) -> list[Any]:
    return [value if type(value) not in PLAIN else PLAIN[type(value)](value) for value in line]


def change(table: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Set columns of rows by their number; each row brings `id` and the same columns."""
    left = iter(rows)
    quote = connection.ops.quote_name
    while part := list(islice(left, PART)):
        names = [n for n in part[0] if n != "id"]
        sets = ", ".join(f"{quote(n)} = %s" for n in names)
        lines: Iterable[list[Any]] = ([row[n] for n in (*names, "id")] for row in part)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {quote(table._meta.db_table)} SET {sets} WHERE id = %s",  # noqa: S608
                [*map(_plain, lines)] if connection.vendor == "sqlite" else [*lines],
            )


def remove(table: type[models.Model], ids: Iterable[Any]) -> None:
    """Delete rows and what hangs on them, as `QuerySet.delete` does, in one statement a table: of
    20,000 people it takes a fifth of the time. What must not go makes the whole act fail."""
    value: Any = [*ids]
    key = table._meta.pk
    if connection.vendor == "sqlite":
        inside, value = "(SELECT value FROM json_each(%s))", json.dumps(_plain(value))
    else:
        inside = f"(SELECT unnest(%s::{key.rel_db_type(connection)}[]))"
    with connection.cursor() as cursor:
        for statement in _removing(table, f"{connection.ops.quote_name(key.column)} IN {inside}"):
            cursor.execute(statement, [value])


def _removing(table: type[models.Model], where: str, above: tuple[Any, ...] = ()) -> Iterator[str]:
    """What hangs on the rows first; ``where`` takes one parameter."""
    quote, options = connection.ops.quote_name, table._meta
    rows = f"FROM {quote(options.db_table)} WHERE {where}"
    for relation in get_candidate_relations_to_delete(options):
        child, field = relation.related_model, relation.field
        if child in (*above, table):
            continue  # on rows of its own kind: if such are left, the database refuses in the end
        if relation.on_delete is models.CASCADE:
            target = quote(field.target_field.column)
            chosen = f"{quote(field.column)} IN (SELECT {target} {rows})"
            yield from _removing(child, chosen, (*above, table))
        elif relation.on_delete is not models.PROTECT:
            raise ValueError(f"{child.__name__}.{field.name}: not known what becomes of it")
    yield f"DELETE {rows}"


def counted() -> None:
    """Let the database look how its tables are filled: it chooses the way to rows by that."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")
        if "sqlite_stat4" in connection.introspection.table_names(cursor):
            # samples of what is in the rows: nobody who is deleted may be found in them
            cursor.execute("DELETE FROM sqlite_stat4")
