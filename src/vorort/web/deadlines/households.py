"""What goes by people and households alone, kept by this process household by household.

An act tells which households it has changed (`keeping.settle`); a page reads again only those. What
is drawn from all of them, a sum or a sorted list, is kept until any of them changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db import connection

from vorort.web import answer, bridge
from vorort.web.deadlines.keeping import up_to_date
from vorort.web.deadlines.models import Altered, Reckoned

Found = TypeVar("Found")
Drawn = TypeVar("Drawn")
Read = Callable[[Collection[int] | None], dict[int, Found]]
MOST_DRAWN = 64  # of one kind: offices that look at their own share


@dataclass(frozen=True)
class _Kept:
    mark: int
    today: date
    found: dict[int, Any]
    drawn: dict[Hashable, Any] = field(default_factory=dict)


_KEPT: dict[tuple[str, str], _Kept] = {}
_ONE_READS = threading.RLock()  # twenty colleagues after a start: one thread reads, all have it


def by_household(what: str, today: date, read: Read[Found]) -> dict[int, Found]:
    """By household's number what ``read`` finds; it is asked for all (None), then for some."""
    found: dict[int, Found] = _kept(what, today, read).found
    return found


def drawn(
    what: str, today: date, read: Read[Found], view: Hashable,
    draw: Callable[[dict[int, Found]], Drawn],
) -> Drawn:  # fmt: skip
    """What is drawn from `by_household`, once for each view of it until somebody changes."""
    kept = _kept(what, today, read)
    if view not in kept.drawn:
        if len(kept.drawn) >= MOST_DRAWN:
            kept.drawn.clear()
        kept.drawn[view] = draw(kept.found)
    result: Drawn = kept.drawn[view]
    return result


def until_altered(what: str, today: date, view: Hashable, read: Callable[[], Drawn]) -> Drawn:
    """What goes by all people together, read again when any of them has changed."""
    return drawn(what, today, lambda _: {}, view, lambda _: read())


def _kept(what: str, today: date, read: Read[Any]) -> _Kept:
    mark = up_to_date(today)
    return answer.once((what, today), lambda: _now(what, today, mark, read))


def _now(what: str, today: date, mark: int, read: Read[Any]) -> _Kept:
    key = (str(connection.settings_dict["NAME"]), what)
    kept = _KEPT.get(key)
    if kept is not None and (kept.today, kept.mark) == (today, mark):
        return kept  # as on most pages; they wait for nobody who reads just now
    with _ONE_READS, bridge.snapshot():
        mark = Reckoned.objects.values_list("mark", flat=True).get()
        kept = _KEPT.get(key)
        if kept is None or kept.today != today:
            kept = _KEPT[key] = _Kept(mark, today, read(None))
        elif kept.mark != mark:
            homes = _altered_since(kept.mark)
            if homes is None:
                kept = _KEPT[key] = _Kept(mark, today, read(None))
            else:
                left = {h: f for h, f in kept.found.items() if h not in homes}
                kept = _KEPT[key] = _Kept(mark, today, left | (read(homes) if homes else {}))
    return kept


def _altered_since(mark: int) -> set[int] | None:
    """Households changed by later acts; None where that is not known any more."""
    last = Altered.objects.filter(mark=mark).order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return None
    rows = Altered.objects.filter(pk__gt=last, household__isnull=False)
    return set(rows.values_list("household", flat=True))
