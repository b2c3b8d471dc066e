"""Whose dates a changed rule has moved, noted when everybody's dates are reckoned by it.

Compared are the dates that were kept, by the rules before, with those that are about to be kept.
What somebody entered in between, or a clock that ran out with a day, shows as well; the page says
which day it compares with. German: geänderte Fristregeln
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from vorort.deadlines import Rules, read_rules
from vorort.web import bulk
from vorort.web.deadlines.models import Due, Moved, RulesChange, RulesKept
from vorort.web.town.models import Kommune

Told = dict[str, dict[str, str]]  # rule -> its names and what tells it from another


def note(rows: Iterable[Mapping[str, Any]], but: Collection[Any], today: date) -> None:
    """Before new dates replace those that are kept: where rules or Land are others than by which
    those were reckoned, whose dates move. ``but``: people who are just being changed."""
    kept = RulesKept.objects.select_for_update().first()
    land = Kommune.objects.values_list("land", flat=True).first() or ""
    told = _told(read_rules())
    if kept is not None:
        before: Told = json.loads(kept.rules)
        if (before, kept.land) != (told, land):
            _compare(before, told, rows, but, RulesChange(
                on=today, compared_with=kept.on, land_before=kept.land, land_after=land
            ))  # fmt: skip
    else:
        kept = RulesKept()
    kept.on, kept.land, kept.rules = today, land, json.dumps(told)
    kept.save()


def _told(rules: Rules) -> Told:
    return {
        key: {"de": rule.name.de, "en": rule.name.en,
              "mark": sha256(repr(rule).encode()).hexdigest()}
        for key, rule in rules.items()
    }  # fmt: skip


def _compare(
    before: Told,
    after: Told,
    rows: Iterable[Mapping[str, Any]],
    but: Collection[Any],
    change: RulesChange,
) -> None:
    others = {key for key in {**before, **after} if before.get(key) != after.get(key)}
    asked = {*before, *after} if change.land_before != change.land_after else others
    moves = list(_moves(asked, rows, but))
    people: defaultdict[str, set[Any]] = defaultdict(set)
    for move in moves:
        people[move["rule"]].add(move["person_id"])
    names = {**before, **after}
    change.rules = json.dumps([
        {"key": key, "de": names[key]["de"], "en": names[key]["en"], "people": len(people[key]),
         "kind": "new" if key not in before else "gone" if key not in after else "changed"}
        for key in names if key in others or people[key]
    ])  # fmt: skip
    change.people = len({move["person_id"] for move in moves})
    change.save()
    bulk.write(Moved, ({**move, "change_id": change.pk} for move in moves))


def _moves(
    rules: Collection[str], rows: Iterable[Mapping[str, Any]], but: Collection[Any]
) -> Iterator[dict[str, Any]]:
    """Each day of a person that went or came by these rules, one beside the other."""
    was = {
        (person, rule, day, home)
        for person, rule, day, home in Due.objects.filter(rule__in=rules).values_list(
            "person_id", "rule", "day", "household_id"
        )
        if person not in but
    }
    now = {
        (r["person_id"], r["rule"], r["day"], r["household_id"])
        for r in rows if r["rule"] in rules and r["person_id"] not in but
    }  # fmt: skip
    both: defaultdict[tuple[Any, str], tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    for side, found in enumerate((_days(was) - _days(now), _days(now) - _days(was))):
        for person, rule, day in found:
            both[person, rule][side].append(day)
    homes = {person: home for person, _, _, home in (*was, *now)}
    for (person, rule), (gone, come) in both.items():
        for old, new in zip_longest(_sorted(gone), _sorted(come), fillvalue=NOTHING):
            yield {
                "person_id": person, "household_id": homes[person], "rule": rule,
                "had": old is not NOTHING, "before": None if old is NOTHING else old,
                "has": new is not NOTHING, "after": None if new is NOTHING else new,
            }  # fmt: skip


NOTHING = object()  # beside a day that went or came alone; None is a day nobody knows


def _days(found: Iterable[tuple[Any, str, date | None, int]]) -> set[tuple[Any, str, date | None]]:
    return {(person, rule, day) for person, rule, day, _ in found}


def _sorted(days: Iterable[date | None]) -> list[date | None]:
    return sorted(days, key=lambda d: (d is None, d or date.min))
