"""A whole run as canonical JSON: input, rules, seed, result, with hashes. German: Vollabzug

Written, read back and written again it is the same bytes; solved again it is the same plan. The
reader is told nothing: the types themselves say how each value is read.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, Literal, Union

import vorort
from vorort import vocabulary
from vorort.placement import homes, plan, problem, rulebook, seats
from vorort.placement.plan import Plan
from vorort.placement.problem import Problem
from vorort.problems import Problem as Complaint
from vorort.problems import Refused

FORMAT = 1
RESULT = (
    "assigned", "seats", "objective", "bound", "placed_bound", "is_proved", "rounds",
    "is_cancelled",
)  # fmt: skip


@dataclass(frozen=True)
class Snapshot:
    """``text`` is the whole; ``hash`` of it; ``input_hash`` of the problem alone."""

    text: str
    hash: str
    input_hash: str
    version: str


def snapshot(found: Plan) -> Snapshot:
    """Everything of a run."""
    whole = {
        "format": FORMAT,
        "version": vorort.__version__,
        "problem": _out(found.problem),
        "result": {name: _out(getattr(found, name)) for name in RESULT},
    }
    text = canonical(whole)
    return Snapshot(text, _hash(text), input_hash(found.problem), vorort.__version__)


def input_hash(found: Problem) -> str:
    """Two problems with the same hash are the same problem."""
    return _hash(canonical(_out(found)))


def canonical(whole: Any) -> str:
    """The one way to write it: keys sorted, no spaces, one line end at the end."""
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def read_snapshot(text: str) -> Plan:
    """The run again. Raises `Refused` where the text is no snapshot, or one of another format."""
    try:
        whole = json.loads(text)
        if not isinstance(whole, dict) or whole.get("format") != FORMAT:
            raise _refused("Format unbekannt.", "Format unknown.")
        read = _in(Problem, whole["problem"])
        hints = typing.get_type_hints(Plan, _names())
        result = {name: _in(hints[name], whole["result"][name]) for name in RESULT}
        return Plan(problem=read, **result)
    except (KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, Refused):
            raise
        raise _refused("Der Abzug ist unvollständig oder beschädigt.",
                       "The snapshot is incomplete or damaged.") from fault  # fmt: skip


def _refused(de: str, en: str) -> Refused:
    return Refused([Complaint("", de, en, "Den Abzug des Laufs unverändert verwenden.",
                              "Use the snapshot of the run unchanged.")])  # fmt: skip


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _out(value: Any) -> Any:
    """Values as JSON; a mapping as sorted pairs, since its keys may be pairs themselves."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _out(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return sorted(([_out(k), _out(v)] for k, v in value.items()), key=str)
    if isinstance(value, frozenset):
        return sorted(_out(v) for v in value)
    if isinstance(value, list | tuple):
        return [_out(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a run cannot hold {type(value)}")


def _in(hint: Any, value: Any) -> Any:
    """Values from JSON, as the type says."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is None:
        return _plain(hint, value)
    if origin in (Union, types.UnionType):
        return None if value is None else _in(next(a for a in args if a is not _NONE), value)
    if origin is Literal:
        if value not in args:
            raise ValueError(f"{value!r} is none of {args}")
        return value
    if issubclass(origin, Mapping):
        return {_in(args[0], k): _in(args[1], v) for k, v in value}
    if origin is tuple and args[-1] is not Ellipsis:
        return tuple(_in(a, v) for a, v in zip(args, value, strict=True))
    return origin(_in(args[0], v) for v in value)


_NONE = type(None)


def _plain(hint: Any, value: Any) -> Any:
    if is_dataclass(hint):
        return _dataclass(hint, value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is float:
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is no {hint}")
    return value


def _dataclass(kind: Any, value: Any) -> Any:
    hints = _hints(kind)
    if set(value) != set(hints):
        raise KeyError(f"{kind.__name__}: {sorted(set(value) ^ set(hints))}")
    return kind(**{name: _in(hints[name], value[name]) for name in hints})


@cache
def _hints(kind: type) -> dict[str, Any]:
    found = typing.get_type_hints(kind, _names())
    return {f.name: found[f.name] for f in fields(kind)}


@cache
def _names() -> dict[str, Any]:
    """Names the annotations use, wherever they come from."""
    found: dict[str, Any] = {}
    for module in (vocabulary, rulebook, homes, seats, problem, plan):
        found |= vars(module)
    return found


__all__ = ["FORMAT", "Snapshot", "canonical", "input_hash", "read_snapshot", "snapshot"]
