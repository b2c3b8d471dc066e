"""Homes of several sites put together: a page keeps each site's and makes anew only what changed.

No home spans two sites, so every column is that of the sites one after the other, sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from vorort.placement.homes import Flags, Homes, Ints
from vorort.placement.problem import Problem

COLUMNS = (
    "places", "smaller", "start", "until", "next_start", "who", "is_family", "has_access",
    "floor_area", "people_there",
)  # fmt: skip


def joined(problem: Problem, parts: Sequence[Homes]) -> Homes:
    """As `homes_of` gives them for a problem whose lodgings are those of all ``parts``."""
    rows = [row for part in parts for row in part.rows]
    order = sorted(range(len(rows)), key=[(row.units, row.start) for row in rows].__getitem__)
    found, at = Homes(problem, tuple(rows[i] for i in order)), np.array(order, np.int64)
    lodgings = [units for part in parts for units in part.lodgings]
    known: dict[str, Any] = {"lodgings": tuple(lodgings[i] for i in order)}
    if parts:
        for name in COLUMNS:
            known[name] = np.concatenate([getattr(part, name) for part in parts])[at]
        for names, numbers in (("districts", "district"), ("buildings", "building")):
            known[names], column = _numbered(parts, names, numbers)
            known[numbers] = column[at]
        features = {f for part in parts for f in part.features}
        known["features"] = tuple(sorted(features))
        known["_features"] = {f: _flags([p.has_feature(f) for p in parts], at) for f in features}
        known["_some"] = {f: _flags([p.has_any(f) for p in parts], at) for f in features}
    vars(found).update(known)  # in place of what would be reckoned when first asked for
    return found


def _flags(columns: Sequence[Flags], at: Ints) -> Flags:
    return np.concatenate(columns)[at]


def _numbered(parts: Sequence[Homes], names: str, numbers: str) -> tuple[tuple[str, ...], Ints]:
    """All names, sorted, and for each row the number of its name among them."""
    every = tuple(sorted({name for part in parts for name in getattr(part, names)}))
    number = {name: n for n, name in enumerate(every)}
    columns = [
        np.array([number[n] for n in getattr(part, names)], np.int64)[getattr(part, numbers)]
        for part in parts
    ]  # fmt: skip
    return every, np.concatenate(columns)
