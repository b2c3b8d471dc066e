"""The joint table of households: drawn whole, never as independent persons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from vorort.columns import GROUPS, YEAR, Floats, Ints

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Table:
    """Rows of shape (row,), members of shape (member,), laid out row after row."""

    group: Ints  # index into GROUPS
    kind: tuple[str, ...]
    weight: Floats
    size: Ints
    first: Ints  # index of the first member
    lowest: Floats  # age in days
    span: Floats  # days
    female: Floats  # probability

    def rows_of(self, group: int) -> Ints:
        """Rows of one group."""
        return np.flatnonzero(self.group == group).astype(np.int32)

    def chances(self, group: int, tilt: Floats) -> Floats:
        """Cumulative chance of each row of a group per draw, shape (draw, row); tilted by size."""
        rows = self.rows_of(group)
        weight = self.weight[rows] * np.exp(np.multiply.outer(tilt, self.size[rows] - 2.0))
        chance: Floats = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
        return chance

    def mean_size(self, group: int, tilt: Floats) -> Floats:
        """Persons per household of a group, shape (draw,)."""
        chance = np.diff(self.chances(group, tilt), axis=1, prepend=0.0)
        mean: Floats = chance @ self.size[self.rows_of(group)]
        return mean

    def share_aged(self, group: int, years: float) -> float:
        """Share of a group's persons who are at least so old."""
        rows = self.rows_of(group)
        per_member = np.repeat(self.weight[rows], self.size[rows])
        at = np.concatenate([np.arange(self.first[r], self.first[r] + self.size[r]) for r in rows])
        older = np.clip((self.lowest[at] + self.span[at] - years * YEAR) / self.span[at], 0.0, 1.0)
        return float(per_member @ older / per_member.sum())

    def matching(self, group: int, kind: str, size: int) -> Ints:
        """Rows like a household in stock of which ages are unknown; the nearest there is."""
        same_size = self.size == size
        of_kind = np.array([k == kind for k in self.kind])
        for fits in (
            same_size & of_kind & (self.group == group),
            same_size & (self.group == group),
            same_size,
        ):
            if fits.any():
                return np.flatnonzero(fits).astype(np.int32)
        return self.rows_of(group)


@cache
def household_table(path: Path = FOLDER / "households.yaml") -> Table:
    """Read the table of the project (or another one of the same shape)."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = content["rows"]
    size = np.array([len(row["members"]) for row in rows], np.int32)
    members = [_member(text) for row in rows for text in row["members"]]
    lowest, highest, female = (np.array(column) for column in zip(*members, strict=True))
    return Table(
        group=np.array([GROUPS.index(row["group"]) for row in rows], np.int32),
        kind=tuple(row["kind"] for row in rows),
        weight=np.array([row["weight"] for row in rows], np.float64),
        size=size,
        first=(np.cumsum(size) - size).astype(np.int32),
        lowest=lowest * YEAR,
        span=(highest - lowest + 1) * YEAR,
        female=female,
    )


def _member(text: str) -> tuple[float, float, float]:
    """``f 18-45`` -> lowest age, highest age, probability of being female."""
    sex, ages = text.split()
    low, high = ages.split("-")
    return float(low), float(high), {"f": 1.0, "m": 0.0, "x": 0.49}[sex]
