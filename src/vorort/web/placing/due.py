"""What is due with beds given: holds, arrivals, kept places, ends that have passed. German: Fällig

Asked of each site by itself (`totals.now`), so that an act makes only its own site new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from vorort.ledger import BEDS, Ledger, expired_holds, is_expired, overdue
from vorort.vocabulary import Placement
from vorort.web.tasks.days import span
from vorort.web.totals.now import SiteNow

# kind -> German and English words of the Today page, and the column with its day
KINDS = {
    "expiring": ("Vormerkung läuft bald ab", "Hold expires soon", "kept_until"),
    "expired": ("Vormerkung abgelaufen, Platz wieder frei", "Hold expired, place free again",
                "kept_until"),
    "arriving": ("Einzug heute fällig", "Arrival due today", "from_"),
    "absent": ("Nicht erschienen? Der Tag ist vorbei", "Did not come? The day has passed", "from_"),
    "kept": ("Platz länger freigehalten als vereinbart", "Place kept longer than agreed",
             "kept_until"),
    "over_until": ("Überbelegung länger als vereinbart", "Over-occupancy longer than agreed",
                   "over_until"),
    "ended": ("Geplanter Auszug, nicht eingetragen", "Planned move-out, not entered", "until"),
}  # fmt: skip
BAD = ("absent", "kept", "over_until")


@dataclass(frozen=True, slots=True)
class Due:
    """A stay of which something is due, and whose it is. German: Fällig"""

    kind: str  # of `KINDS`; "coming" = arrives soon
    household: str
    row: Placement


def due_in(sites: Iterable[SiteNow], today: date) -> list[Due]:
    """What is due in these sites, in the order of the sites and of the stays in them."""
    soon = span("ahead")

    def read(site: SiteNow, day: date) -> list[Due]:
        return _of_site(site, day, soon)

    return [due for site in sites for due in site.once(("due", soon), today, read)]


def _of_site(site: SiteNow, today: date, soon: timedelta) -> list[Due]:
    ledger = site.ledger
    late = [row for row in overdue(ledger, today) if row.domain == BEDS]
    kept = [r for r in late if is_kept(r) and r.kept_until and r.kept_until <= today]
    over = [r for r in late if r.over_until and r.over_until <= today]
    known = {r.id for r in (*kept, *over)}
    rows: list[tuple[str, Placement]] = [
        *_by_status(ledger, today, soon),
        *(("expired", r) for r in expired_holds(ledger, today)),
        *(("kept", r) for r in kept), *(("over_until", r) for r in over),
        *(("ended", r) for r in late if r.id not in known),
    ]  # fmt: skip
    return [
        Due(kind, ledger.household_of(row.person, max(row.from_ or today, today)) or "", row)
        for kind, row in rows
    ]


def _by_status(
    ledger: Ledger, today: date, soon: timedelta
) -> Iterator[tuple[str, Placement]]:  # fmt: skip
    for row in ledger.current:
        if row.domain != BEDS or row.unit is None:
            continue
        if row.status == "held" and not is_expired(row, today):
            if row.kept_until and row.kept_until < today + soon:
                yield "expiring", row
        elif row.status == "confirmed" and row.from_:
            if row.from_ <= today:
                yield ("arriving" if row.from_ == today else "absent"), row
            if today <= row.from_ < today + soon:
                yield "coming", row


def is_kept(row: Placement) -> bool:
    """Is the place kept for somebody who does not sleep there?"""
    return row.status == "absent" or row.second_place
