"""Who of those who came is whom of those announced. German: wer ist wer

An announcement names nobody: it gives ages and sexes, some of them wrong or missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from vorort.placement.problem import Member


def matched(announced: Sequence[Member], came: Sequence[Member]) -> dict[str, str]:
    """Ids of the announced to those of who came, each once: the nearest in age first, of these
    the same sex; where an age is unknown, last. Ties by the order of both."""
    pairs = sorted(
        (_apart(a.age, b.age), a.sex != b.sex, n, m)
        for n, a in enumerate(announced)
        for m, b in enumerate(came)
    )
    found: dict[int, int] = {}
    for *_, n, m in pairs:
        if n not in found and m not in found.values():
            found[n] = m
    return {announced[n].id: came[m].id for n, m in sorted(found.items())}


def _apart(one: int | None, other: int | None) -> float:
    """Years between two ages; an unknown one is as far from any."""
    return math.inf if one is None or other is None else abs(one - other)
