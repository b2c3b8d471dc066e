"""Tables that sort: a heading is a link, what is unknown stands last. German: Tabellen

page, heads = ordered(request, rows, COLUMNS)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest

from vorort.vocabulary import Text
from vorort.web.words import WORDS


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and what it sorts by (None: it does not).

    ``by`` is a function of a row, or the name of a column of the database.
    """

    name: str
    label: Text
    by: Callable[[Any], Any] | str | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A heading as the page shows it."""

    column: Column
    order: str  # ascending, descending, or none
    next: str  # what a click asks for; "" where it does not sort


def asked_order(asked: Any, columns: Sequence[Column]) -> tuple[Column | None, bool]:
    """The column an address asks to sort by, and whether backwards."""
    text = asked.get("sort", "")
    name = text.removeprefix("-")
    found = next((c for c in columns if c.name == name and c.by is not None), None)
    return found, text.startswith("-")


def heads(request: HttpRequest, columns: Sequence[Column]) -> list[Head]:
    """Headings of a table with the order in which it stands."""
    chosen, backwards = asked_order(request.GET, columns)
    found = []
    for column in columns:
        is_chosen = column is chosen
        order = ("descending" if backwards else "ascending") if is_chosen else ""
        after = f"-{column.name}" if is_chosen and not backwards else column.name
        found.append(Head(column, order, after if column.by is not None else ""))
    return found


def ordered(asked: Any, rows: Iterable[Any], columns: Sequence[Column]) -> list[Any]:
    """Rows in the order an address asks for, else as they came; unknown last, ties as they came."""
    listed = list(rows)
    column, backwards = asked_order(asked, columns)
    if column is None or column.by is None or isinstance(column.by, str):
        return listed
    by = column.by
    known = [r for r in listed if by(r) not in (None, "")]
    unknown = [r for r in listed if by(r) in (None, "")]
    return [*sorted(known, key=by, reverse=backwards), *unknown]


def ordered_rows(asked: Any, rows: QuerySet[Any], columns: Sequence[Column]) -> QuerySet[Any]:
    """The same of rows of the database, for tables of any length."""
    column, backwards = asked_order(asked, columns)
    if column is None or not isinstance(column.by, str):
        return rows
    field = F(column.by)
    chosen = field.desc(nulls_last=True) if backwards else field.asc(nulls_last=True)
    return rows.order_by(chosen, "pk")


def sorted_rows(
    asked: Any, rows: QuerySet[Any], columns: Sequence[Column]
) -> QuerySet[Any] | list[Any]:
    """By the database where it knows the column; else all rows are read, for short tables."""
    column, _ = asked_order(asked, columns)
    if column is not None and callable(column.by):
        return ordered(asked, rows, columns)
    return ordered_rows(asked, rows, columns)


def in_words(field: str, codes: Iterable[str], lang: str) -> Case:
    """A column of codes to sort by as people read it: by its words, without regard to capitals."""
    return as_read((Q(**{field: c}), WORDS.get(c, (c, c))[lang == "en"]) for c in set(codes))


def as_read(said: Iterable[tuple[Q, str]]) -> Case:
    """A column to sort by: what is said of a row, by the first of these that holds for it."""
    found = [(holds, text.casefold()) for holds, text in said]
    place = {text: n for n, text in enumerate(sorted({text for _, text in found}))}
    whens = [When(holds, then=Value(place[text])) for holds, text in found]
    return Case(*whens, output_field=IntegerField())
