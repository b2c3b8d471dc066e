"""What has to be decided about places and work, each line with the page that settles it.

German: Zu entscheiden
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse

from vorort.ledger import BEDS, differences, stale
from vorort.vocabulary import Text
from vorort.vocabulary import Unit as UnitNoun
from vorort.web import clock, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.requests.models import Request
from vorort.web.requests.queries import open_from_us, open_to_us
from vorort.web.tasks.days import span
from vorort.web.tasks.kinds import KINDS
from vorort.web.tasks.queries import tasks_for
from vorort.web.totals.now import SiteNow, sites_now
from vorort.web.town.models import Site, Unit
from vorort.web.town.queries import sites_of
from vorort.web.words import WORDS

MOST = 20  # lines of a matter on the page; the rest is counted and linked, not hidden


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to settle: its name, the address that settles it, by when, and a remark."""

    name: str
    address: str = ""
    day: date | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of decision and everything that waits for it. German: Zu entscheiden"""

    key: str
    text: Text
    lines: list[Line]
    total: int
    address: str = ""  # of the whole list
    is_bad: bool = False

    @property
    def first(self) -> date | None:
        """The earliest day among the lines."""
        return min((x.day for x in self.lines if x.day), default=None)


@dataclass(frozen=True)
class Seen:
    """Who looks, and on which day."""

    user: User
    today: date

    def may(self, right: str) -> bool:
        return rights.may(self.user, right)

    def shown(self, households: Iterable[str]) -> frozenset[str]:
        """Of these, the households whose place is shown here."""
        return sight.opened_among(
            self.user, sight.shown_households(self.user, households), rights.TODAY
        )


def matter(
    key: str, de: str, en: str, lines: Iterable[Line], address: str = "", *, bad: bool = False
) -> Matter:
    rows = list(lines)
    return Matter(key, Text(de, en), rows[:MOST], len(rows), address, bad)


# ---- places and work ----------------------------------------------------------------------------


def over(seen: Seen, sites: Iterable[SiteNow]) -> Matter:
    """Units with more people than places, of sites that have any."""
    board = reverse("board") if seen.may(rights.BOARD) else ""
    lines = [
        Line(
            unit, f"{board}?{urlencode({'standort': site.key})}#offen" if board else "", None,
            Text(f"{state.used} auf {state.open} Plätzen", f"{state.used} on {state.open}"),
        )
        for site in sites for unit, state in site.on(seen.today, seen.today).items()
        if state.over and site.ledger.unit[unit].domain == BEDS
    ]  # fmt: skip
    lines.sort(key=lambda x: x.name)
    return matter("over", "Einheit überbelegt", "Unit over-occupied", lines, bad=True)


def tasks(seen: Seen) -> list[Matter]:
    if not seen.may(rights.TASKS):
        return []
    rows = tasks_for(seen.user).select_related("household", "unit").order_by("due", "id")
    whole = reverse("tasks")
    due = rows.filter(due__lte=seen.today)
    late = due.count()
    later = rows.count() - late
    lines = [
        Line(t.household.key if t.household else t.unit.key if t.unit else f"{t.pk}",
             f"{whole}?{urlencode({'art': t.kind})}#t-{t.pk}", t.due, KINDS[t.kind])
        for t in due[:MOST]
    ]  # fmt: skip
    if not late and later:
        text = Text("Aufgabe offen, keine fällig", "Task open, none due")
        return [Matter("tasks", text, [], later, whole)]
    text = Text(f"Aufgabe fällig ({later} weitere offen)", f"Task due ({later} more open)")
    return [Matter("tasks", text, lines, late, whole, is_bad=True)]


def proposals(seen: Seen) -> Matter:
    """Proposals of the newest run nobody has decided on."""
    if not seen.may(rights.PLACEMENT):
        return matter("proposals", "", "", [])
    from vorort.web.proposals.waiting import waiting as undecided

    whole = reverse("placement")
    lines = [
        Line(
            key, f"{whole}?{urlencode({'haushalt': key})}#grund", day,
            Text(*[" + ".join(units.split())] * 2),
        )
        for key, units, day in undecided(seen.user)
    ]  # fmt: skip
    return matter("proposals", "Vorschlag der Vergabe wartet auf Entscheidung",
                  "Proposal of placement waits for a decision", lines, whole)  # fmt: skip


def requests(seen: Seen) -> list[Matter]:
    """What is asked of this office, and where its own asking waits for it."""
    if not seen.may(rights.REQUESTS):
        return []
    whole = reverse("requests")
    theirs, ours = open_to_us(seen.user), open_from_us(seen.user)

    def line(r: Request, name: str) -> Line:
        return Line(name, f"{whole}#a-{r.pk}", r.due, Text(*WORDS[r.domain]))

    return [
        matter("asked", "Anfrage an uns", "Request to us",
                (line(r, f"{r.pk}") for r in theirs), whole),
        matter("countered", "Gegenangebot wartet auf uns", "Counter-offer waits for us",
                (line(r, r.person.key) for r in ours if r.status == "countered"), whole),
        matter("unanswered", "Anfrage ohne Antwort, Tag vorbei", "Request unanswered, day passed",
                (line(r, r.person.key) for r in ours
                 if r.status == "open" and r.due < seen.today), whole, bad=True),
    ]  # fmt: skip


def contracts(seen: Seen) -> list[Matter]:
    """Leases that end soon or have ended, of sites this user sees."""
    if not seen.may(rights.BOARD):
        return []
    ahead = span("lease_end")
    with_units = Exists(Unit.objects.filter(facility=OuterRef("pk")))
    rows: Iterable[Site] = sites_of(seen.user).filter(
        with_units, lease_until__isnull=False, lease_until__lt=seen.today + ahead
    ).order_by("lease_until", "key")  # fmt: skip
    lines = [
        Line(s.name, reverse("site", args=[s.key]), s.lease_until,
             Text("Vertrag ist beendet", "has ended") if s.lease_until <= seen.today
             else Text("Vertrag endet", "lease ends"))
        for s in rows if s.lease_until
    ]  # fmt: skip
    return [matter("contracts", f"Vertrag endet in den nächsten {ahead.days} Tagen",
                    f"Lease ends within {ahead.days} days", lines, reverse("sites"))]  # fmt: skip


def reports(seen: Seen) -> list[Matter]:
    """Figures of others that are old, and figures two offices do not agree on."""
    if not seen.may(rights.BOARD):
        return []
    cycle = clock.cycle() or 0
    sites = sites_now(sites_of(seen.user).order_by().values_list("pk", flat=True), seen.today)

    def line(unit: str, facility: str, domain: str, day: date | None, note: Text) -> Line:
        address = (
            reverse("site", args=[facility]) if domain == BEDS
            else reverse("seats", args=[domain])
        )  # fmt: skip
        return Line(unit, f"{address}#{unit}", day, note)

    late = [u for site in sites for u in site.once(f"stale {cycle}", seen.today, _stale(cycle))]
    late.sort(key=lambda u: (u.reported_on or date.min, u.id))
    old = [
        line(u.id, u.facility, u.domain, u.reported_on,
             Text(f"gemeldet von {u.reported_by}", f"by {u.reported_by}"))
        for u in late[:MOST]
    ]  # fmt: skip
    two = [
        line(d.unit, site.key, site.ledger.unit[d.unit].domain, d.other_on, Text(
            f"{d.owner} {d.places}, {d.other} {d.other_places}: es zählt {d.owner}",
            f"{d.owner} {d.places}, {d.other} {d.other_places}: {d.owner} counts",
        ))
        for site in sites for d in site.once("two", seen.today, lambda s, _: differences(s.ledger))
    ]  # fmt: skip
    return [
        Matter("stale", Text("Meldung veraltet", "Report is stale"), old, len(late)),
        matter("two", "Zwei Stellen melden Verschiedenes", "Two offices differ", two, bad=True),
    ]


def _stale(cycle: int) -> Callable[[SiteNow, date], list[UnitNoun]]:
    return lambda site, today: stale(site.ledger, today, cycle) if cycle else []
