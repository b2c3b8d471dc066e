"""What one answer asks again and again, asked once for it.

Only while a page is read, never inside a transaction that writes; an act ends what was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection

Found = TypeVar("Found")
_KEPT: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Within it `once` keeps what it finds."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def once(what: Hashable, read: Callable[[], Found]) -> Found:
    """What ``read`` finds, at most once for an answer. Callers do not change it."""
    kept = _KEPT.get()
    if kept is None or connection.in_atomic_block:
        return read()
    if what not in kept:
        kept[what] = read()
    found: Found = kept[what]
    return found


def changed() -> None:
    """Something was written: what was kept may be old."""
    kept = _KEPT.get()
    if kept is not None:
        kept.clear()
