"""Are the sums what the ledger counts? Asked every night; a site where they are not is counted
again, and said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from vorort.ledger import BEDS, Ledger, UnitDay, occupancy
from vorort.web import bridge, clock
from vorort.web.totals import keeping
from vorort.web.totals.models import Touched
from vorort.web.totals.reading import site_totals
from vorort.web.town.models import Site

Pair = tuple[date, datetime | None]  # a day, and by when it was known (None: now)


def differing(pairs: Sequence[Pair], today: date, ledger: Ledger | None = None) -> dict[str, Pair]:
    """Sites whose sums are not what the ledger counts, each with the first pair that shows it."""
    with bridge.snapshot():
        ledger = ledger or bridge.whole_ledger()
        sites = list(Site.objects.values_list("pk", flat=True))
        found: dict[str, Pair] = {}
        for day, known_at in pairs:
            summed = site_totals(sites, [day], today, known_at)[0]
            counted = _counted(ledger, day, known_at, today)
            for site, state in summed.items():
                if counted.get(site, UnitDay()) != state:
                    found.setdefault(site, (day, known_at))
    return found


def _counted(
    ledger: Ledger, day: date, known_at: datetime | None, today: date
) -> dict[str, UnitDay]:
    parts: dict[str, list[UnitDay]] = {}
    for unit, state in occupancy(ledger, day, known_at, today=today).units.items():
        noun = ledger.unit[unit]
        if (noun.domain, noun.per) == (BEDS, "place"):
            parts.setdefault(noun.facility, []).append(state)
    return {site: UnitDay.total(states) for site, states in parts.items()}


def nightly(today: date) -> int:
    """Take in what no act has settled, compare on four days, mend; how many sites were wrong."""
    if Touched.objects.exists():
        keeping.settle(None)
    luck = Random(today.toordinal())  # noqa: S311 which days are looked at is no secret
    past = today - timedelta(days=luck.randrange(1, 400))
    pairs: list[Pair] = [
        (today, None), (past, None), (today + timedelta(days=luck.randrange(1, 60)), None),
        (past, clock.end_of(past)),
    ]  # fmt: skip
    wrong = differing(pairs, today)
    keeping.rebuild(Site.objects.filter(key__in=wrong).values_list("pk", flat=True))
    return len(wrong)
