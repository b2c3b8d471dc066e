"""Frozen nouns to canonical JSON and back, by their types alone. German: Ablage"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, Literal, Union

from vorort import vocabulary
from vorort.placement import homes, plan, problem, rulebook, seats


def canonical(whole: Any) -> str:
    """The one way to write it: keys sorted, no spaces, one line end at the end."""
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def digest(text: str) -> str:
    """The hash of what was written."""
    return sha256(text.encode()).hexdigest()


def packed(value: Any, *left_out: str) -> Any:
    """A noun as JSON, without the fields that are kept elsewhere; a mapping as sorted pairs, since
    its keys may be pairs themselves."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [
            f.name for f in fields(value)
            if f.name not in left_out and (getattr(value, f.name) or not _came_later(f))
        ]  # fmt: skip
        return {name: packed(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return sorted(([packed(k), packed(v)] for k, v in value.items()), key=str)
    if isinstance(value, frozenset):
        return sorted(packed(v) for v in value)
    if isinstance(value, list | tuple):
        return [packed(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a run cannot hold {type(value)}")


def unpacked(hint: Any, value: Any, **kept_elsewhere: Any) -> Any:
    """The noun again, as its type says. Raises KeyError, TypeError or ValueError."""
    if kept_elsewhere:
        return _dataclass(hint, value, kept_elsewhere)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is None:
        return _plain(hint, value)
    if origin in (Union, types.UnionType):
        return None if value is None else unpacked(next(a for a in args if a is not _NONE), value)
    if origin is Literal:
        if value not in args:
            raise ValueError(f"{value!r} is none of {args}")
        return value
    if issubclass(origin, Mapping):
        return {unpacked(args[0], k): unpacked(args[1], v) for k, v in value}
    if origin is tuple and args[-1] is not Ellipsis:
        return tuple(unpacked(a, v) for a, v in zip(args, value, strict=True))
    return origin(unpacked(args[0], v) for v in value)


_NONE = type(None)


def _came_later(one: Field[Any]) -> bool:
    """Runs kept before have not got it; where it is empty it is left out, and they stay as they
    were, byte by byte."""
    return bool(one.metadata.get("came_later"))


def _plain(hint: Any, value: Any) -> Any:
    if is_dataclass(hint):
        return _dataclass(hint, value, {})
    if hint is date:
        return date.fromisoformat(value)
    if hint is float:
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is no {hint}")
    return value


def _dataclass(kind: Any, value: Any, more: Mapping[str, Any]) -> Any:
    hints = types_of(kind)
    later = {f.name for f in fields(kind) if _came_later(f)}
    if {*value, *more} | later != set(hints) | later:
        raise KeyError(f"{kind.__name__}: {sorted({*value, *more} ^ set(hints))}")
    return kind(**{name: unpacked(hints[name], part) for name, part in value.items()}, **more)


@cache
def types_of(kind: type) -> dict[str, Any]:
    """The type of each field of a noun."""
    found = typing.get_type_hints(kind, _names())
    return {f.name: found[f.name] for f in fields(kind)}


@cache
def _names() -> dict[str, Any]:
    """Names the annotations use, wherever they come from."""
    found: dict[str, Any] = {}
    for module in (vocabulary, rulebook, homes, seats, problem, plan):
        found |= vars(module)
    return found
