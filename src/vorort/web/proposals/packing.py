"""Frozen nouns to plain JSON and back, by their types alone. German: Ablage"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def packed(value: Any, *left_out: str) -> Any:
    """As JSON can hold it; ``left_out``: fields that are kept elsewhere."""
    if is_dataclass(value):
        return {
            f.name: packed(getattr(value, f.name)) for f in fields(value) if f.name not in left_out
        }
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        pairs = [[packed(k), packed(v)] for k, v in value.items()]
        return sorted(pairs, key=lambda pair: str(pair[0]))
    if isinstance(value, frozenset | set):
        return sorted(packed(v) for v in value)
    if isinstance(value, tuple | list):
        return [packed(v) for v in value]
    return value


def written(value: Any) -> str:
    """The same bytes for the same content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@cache
def _hints(noun: type[Any]) -> dict[str, Any]:
    return get_type_hints(noun)


def unpacked(kind: Any, value: Any, **more: Any) -> Any:
    """The noun again; ``more``: fields that were kept elsewhere."""
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        found = {name: unpacked(hints[name], part) for name, part in value.items()}
        return kind(**found, **more)  # type: ignore[operator]
    if value is None or kind is Any:
        return value
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [k for k in get_args(kind) if k is not type(None)]
        return unpacked(inner[0], value)
    if origin is Literal or origin is None:
        return date.fromisoformat(value) if kind is date else value
    return _collection(origin, get_args(kind), value)


def _collection(origin: Any, inner: tuple[Any, ...], value: Any) -> Any:
    if origin is tuple and inner and inner[-1] is not Ellipsis:
        return tuple(unpacked(k, v) for k, v in zip(inner, value, strict=True))
    if origin is tuple:
        return tuple(unpacked(inner[0], v) for v in value)
    if origin is frozenset:
        return frozenset(unpacked(inner[0], v) for v in value)
    return {unpacked(inner[0], k): unpacked(inner[1], v) for k, v in value}
