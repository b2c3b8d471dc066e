"""A whole run as canonical JSON: input, rules, seed, result, with hashes. German: Vollabzug

Written, read back and written again it is the same bytes; solved again it is the same plan. The
reader is told nothing: the types themselves say how each value is read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import vorort
from vorort.placement.packing import canonical, digest, packed, types_of, unpacked
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
        "problem": packed(found.problem),
        "result": {name: packed(getattr(found, name)) for name in RESULT},
    }
    text = canonical(whole)
    return Snapshot(text, digest(text), input_hash(found.problem), vorort.__version__)


def input_hash(found: Problem) -> str:
    """Two problems with the same hash are the same problem."""
    return digest(canonical(packed(found)))


def read_snapshot(text: str) -> Plan:
    """The run again. Raises `Refused` where the text is no snapshot, or one of another format."""
    try:
        whole = json.loads(text)
        if not isinstance(whole, dict) or whole.get("format") != FORMAT:
            raise _refused("Format unbekannt.", "Format unknown.")
        read = unpacked(Problem, whole["problem"])
        hints = types_of(Plan)
        result = {name: unpacked(hints[name], whole["result"][name]) for name in RESULT}
        return Plan(problem=read, **result)
    except (KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, Refused):
            raise
        raise _refused("Der Abzug ist unvollständig oder beschädigt.",
                       "The snapshot is incomplete or damaged.") from fault  # fmt: skip


def _refused(de: str, en: str) -> Refused:
    return Refused([Complaint("", de, en, "Den Abzug des Laufs unverändert verwenden.",
                              "Use the snapshot of the run unchanged.")])  # fmt: skip


__all__ = ["FORMAT", "Snapshot", "canonical", "input_hash", "read_snapshot", "snapshot"]
