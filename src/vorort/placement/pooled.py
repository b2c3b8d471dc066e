"""The fairness sheet as a page may show it: no group so small that somebody could be recognised.

A small group is not left out, since the others and the sum would give it away: it is put together
with its neighbour until all are large enough. The lines then still add up to the plan.
German: Zusammenfassung kleiner Gruppen
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from vorort.placement.fairness import SMALL, Sheet, fit_of, group_of, members_of
from vorort.placement.groups import GROUPS, label_of
from vorort.placement.plan import Plan
from vorort.placement.problem import Party

ORDERED = ("size", "urgency")  # a small group goes to the one beside it
Pool = tuple[str, ...]


def pooled(plan: Plan, among: Collection[str] | None = None) -> Sheet:
    """Every line of at least `SMALL` households, every median of at least so many.

    ``among``: only of these parties. Fewer than `SMALL` of them: an empty sheet.
    """
    fit = fit_of(plan)
    found = []
    for sheet, members in members_of(plan, among).items():
        for pool in pools(members, is_ordered=sheet in ORDERED):
            parties = _together(members, pool)
            if len(parties) >= SMALL:
                label = label_of(pool)
                found.append(group_of(plan, sheet, ",".join(pool), label, parties, fit, SMALL))
    return Sheet(tuple(found))


def pools(members: dict[str, list[Party]], is_ordered: bool) -> list[Pool]:
    """Groups put together until none is small, nor those counted in more than one.

    How many are in several groups could else be told from the sum.
    """
    found: list[Pool] = [(name,) for name in members]
    while len(found) > 1 and (
        min(len(_together(members, p)) for p in found) < SMALL or _is_overlap_small(members, found)
    ):
        first = min(found, key=lambda p: (len(_together(members, p)), found.index(p)))
        others = [p for p in found if p != first]
        if is_ordered:
            at = found.index(first)
            others = [*found[max(0, at - 1) : at], *found[at + 1 : at + 2]]
        second = min(others, key=lambda p: (len(_together(members, p)), found.index(p)))
        names = {*first, *second}
        both = tuple(name for name in GROUPS if name in names)
        found = sorted([p for p in found if p not in (first, second)] + [both], key=_place)
    return found


def _place(pool: Pool) -> int:
    return list(GROUPS).index(pool[0])


def _together(members: dict[str, list[Party]], pool: Pool) -> list[Party]:
    """Everybody of a pool, once."""
    return list({p.id: p for name in pool for p in members[name]}.values())


def _is_overlap_small(members: dict[str, list[Party]], found: list[Pool]) -> bool:
    times = Counter(p.id for pool in found for p in _together(members, pool))
    return 0 < sum(n > 1 for n in times.values()) < SMALL
