"""The Today page: what is to be decided, and where. German: Heute

Every line leads to the page on which it is settled. Nothing is settled by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from vorort.ledger import (
    BEDS,
    Ledger,
    UnitDay,
    differences,
    expired_holds,
    is_expired,
    occupancy,
    overdue,
    stale,
    unaccompanied_minors,
)
from vorort.vocabulary import Placement, Text
from vorort.web import bridge, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.deadlines.queries import RuleLine, by_rule
from vorort.web.intake.gaps import gaps_for
from vorort.web.intake.models import Household
from vorort.web.placing import waiting
from vorort.web.requests.queries import from_us, to_us
from vorort.web.tasks.kinds import KINDS
from vorort.web.tasks.queries import tasks_for
from vorort.web.town.models import Announcement, Kommune, Site, StoredOutlook
from vorort.web.town.queries import sites_of
from vorort.web.words import WORDS

SOON = timedelta(days=7)
CONTRACTS = timedelta(days=182)  # a lease that ends within half a year has to be spoken of
MISSED = timedelta(days=14)  # announced and not registered: asked for two weeks
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


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who comes this week, and whether there is a place. German: Ankunft"""

    day: date
    name: str
    address: str
    people: int | None
    what: str  # kind of household, or state of the stay
    unit: str = ""


@dataclass(frozen=True)
class Today:
    """What an office decides before nine."""

    beds: UnitDay
    outlook: StoredOutlook | None
    matters: list[Matter]
    arrivals: list[Arrival]
    waiting: list[waiting.Waiting]  # by domain
    dates: list[RuleLine]


@dataclass(frozen=True)
class _Seen:
    """What this user may see of the register, read once."""

    user: User
    today: date
    ledger: Ledger
    units: frozenset[str]
    mine: frozenset[str]  # households whose existence is shown
    shown: frozenset[str]  # and whose place is shown

    def may(self, right: str) -> bool:
        return rights.may(self.user, right)


def today_page(user: User, today: date) -> Today:
    """Every list of the Today page, for what this user may see."""
    ledger = bridge.present()
    sites = set(sight.sites_for(user, rights.TODAY).values_list("key", flat=True))
    mine = frozenset(sight.households_for(user, rights.TODAY).values_list("key", flat=True))
    units = frozenset(u.id for u in ledger.units if u.facility in sites and u.domain == BEDS)
    seen = _Seen(user, today, ledger, units, mine, sight.shown_households(user) & mine)
    states = occupancy(ledger, today, today=today).units
    matters = [
        _minors(seen), _over(seen, states), *_stays(seen), _missed(seen), *_requests(seen),
        *_tasks(seen), *_contracts(seen), *_reports(seen), _gaps(seen),
    ]  # fmt: skip
    return Today(
        UnitDay.total(states[u] for u in sorted(units)),
        StoredOutlook.objects.order_by("-id").first(),
        [m for m in matters if m.total],
        _arrivals(seen),
        waiting.waiting_for(user, today),
        by_rule(user, today) if rights.may(user, rights.DATES) else [],
    )  # fmt: skip


def _matter(
    key: str, de: str, en: str, lines: Iterable[Line], address: str = "", *, bad: bool = False
) -> Matter:
    rows = list(lines)
    return Matter(key, Text(de, en), rows[:MOST], len(rows), address, bad)


def household_address(key: str) -> str:
    """Where a household is settled."""
    return reverse("household", args=[key])


# ---- people -------------------------------------------------------------------------------------


def _minors(seen: _Seen) -> Matter:
    found = [h.id for h in unaccompanied_minors(seen.ledger, seen.today) if h.id in seen.mine]
    return _matter(
        "minors", "Unbegleitet minderjährig: Aufgabe des Jugendamts",
        "Unaccompanied minor: a task of the youth office",
        [Line(key, household_address(key)) for key in found], bad=True,
    )  # fmt: skip


def _stays(seen: _Seen) -> list[Matter]:
    """What is due with places given: holds, arrivals, kept places, ends that have passed."""
    ledger, today = seen.ledger, seen.today
    rows = [r for r in ledger.current if r.domain == BEDS and r.unit in seen.units]
    held = [r for r in rows if r.status == "held" and not is_expired(r, today)]
    confirmed = [r for r in rows if r.status == "confirmed" and r.from_]
    late = [r for r in overdue(ledger, today) if r.domain == BEDS and r.unit in seen.units]
    kept = [r for r in late if _kept(r) and r.kept_until and r.kept_until <= today]
    over = [r for r in late if r.over_until and r.over_until <= today]
    known = {r.id for r in (*kept, *over)}

    def matter(key: str, de: str, en: str, found: list[Placement], day: str) -> Matter:
        bad = key in ("absent", "kept", "over_until")
        return _matter(key, de, en, _by_household(seen, found, day), bad=bad)

    return [
        matter("expiring", "Vormerkung läuft in 7 Tagen ab", "Hold expires within 7 days",
               [r for r in held if r.kept_until and r.kept_until < today + SOON], "kept_until"),
        matter("expired", "Vormerkung abgelaufen, Platz wieder frei",
               "Hold expired, place free again",
               [r for r in expired_holds(ledger, today) if r.unit in seen.units], "kept_until"),
        matter("arriving", "Einzug heute fällig", "Arrival due today",
               [r for r in confirmed if r.from_ == today], "from_"),
        matter("absent", "Nicht erschienen? Der Tag ist vorbei", "Did not come? The day has passed",
               [r for r in confirmed if r.from_ and r.from_ < today], "from_"),
        matter("kept", "Platz länger freigehalten als vereinbart", "Place kept longer than agreed",
               kept, "kept_until"),
        matter("over_until", "Überbelegung länger als vereinbart",
               "Over-occupancy longer than agreed",
               over, "over_until"),
        matter("ended", "Geplanter Auszug, nicht eingetragen",
               "Planned move-out, not entered",
               [r for r in late if r.id not in known], "until"),
    ]  # fmt: skip


def _kept(row: Placement) -> bool:
    return row.status == "absent" or row.second_place


def _by_household(seen: _Seen, rows: list[Placement], day: str) -> list[Line]:
    """One line for each household and unit, soonest first; nobody whose place is not shown."""
    found: defaultdict[tuple[str, str], list[date | None]] = defaultdict(list)
    for row in rows:
        key = seen.ledger.household_of(row.person, row.from_ or seen.today)
        if key in seen.shown and key:
            found[key, row.unit or ""].append(getattr(row, day))
    lines = [
        Line(key, household_address(key), min((d for d in days if d), default=None),
             people_text(len(days), unit))
        for (key, unit), days in found.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda x: (x.day or date.max, x.name))


def people_text(count: int, unit: str = "") -> Text:
    """3 Personen, GU-ZIE-001"""
    tail = f", {unit}" if unit else ""
    return Text(f"{count} Person{'en' if count != 1 else ''}{tail}",
                f"{count} {'people' if count != 1 else 'person'}{tail}")  # fmt: skip


def _gaps(seen: _Seen) -> Matter:
    """Kinds of things not known, each with its list. Only the count is of single gaps."""
    if not seen.may(rights.HOUSEHOLD):
        return _matter("gaps", "", "", [])
    counts: dict[str, list[Text]] = {}
    for gap, _ in gaps_for(seen.user, seen.today):
        counts.setdefault(gap.what, []).append(gap.text)
    whole = reverse("incomplete")
    lines = [
        Line(str(len(texts)), f"{whole}?{urlencode({'was': what})}", None,
             texts[0] if len(set(texts)) == 1 else Text("Angabe fehlt", "not known"))
        for what, texts in sorted(counts.items(), key=lambda x: -len(x[1]))
    ]  # fmt: skip
    text = Text("Angabe fehlt", "Not known")
    return Matter("gaps", text, lines, sum(map(len, counts.values())), whole)


# ---- arrivals -----------------------------------------------------------------------------------


def _open_announcements() -> Any:
    taken = Household.objects.filter(announced_id__isnull=False).values("announced_id")
    return Announcement.objects.exclude(key__in=taken).order_by("expected_on", "id")


def register_address(seen: _Seen, announcement: str) -> str:
    """Where an announced household is registered; nothing without the right."""
    if not seen.may(rights.HOUSEHOLD_EDIT):
        return ""
    return f"{reverse('register')}?{urlencode({'ankuendigung': announcement})}"


def _missed(seen: _Seen) -> Matter:
    """Announced for a day that has passed, and nobody has registered them."""
    rows = _open_announcements().filter(
        expected_on__lt=seen.today, expected_on__gte=seen.today - MISSED
    )
    return _matter(
        "missed", "Angekündigt, Tag vorbei, niemand erfasst",
        "Announced, day passed, nobody registered",
        [Line(a.key, register_address(seen, a.key), a.expected_on,
              people_text(a.persons) if a.persons else Text("Größe unbekannt", "size unknown"))
         for a in rows], bad=True,
    )  # fmt: skip


def _arrivals(seen: _Seen) -> list[Arrival]:
    """Seven days: who is announced, and who has a place already."""
    end = seen.today + SOON
    found = [
        Arrival(a.expected_on, a.key, register_address(seen, a.key), a.persons, a.kind)
        for a in _open_announcements().filter(expected_on__gte=seen.today, expected_on__lt=end)
    ]
    people: defaultdict[tuple[date, str, str, str], int] = defaultdict(int)
    for row in seen.ledger.current:
        is_coming = row.domain == BEDS and row.status == "confirmed" and row.from_
        if not is_coming or row.unit not in seen.units:
            continue
        key = seen.ledger.household_of(row.person, row.from_ or seen.today)
        if key in seen.shown and key and row.from_ and seen.today <= row.from_ < end:
            people[row.from_, key, row.status, row.unit or ""] += 1
    found += [
        Arrival(day, key, household_address(key), n, status, unit)
        for (day, key, status, unit), n in people.items()
    ]
    return sorted(found, key=lambda a: (a.day, a.name))


# ---- places and work ----------------------------------------------------------------------------


def _over(seen: _Seen, states: Any) -> Matter:
    board = reverse("board") if seen.may(rights.BOARD) else ""
    lines = []
    for unit in sorted(seen.units):
        state = states[unit]
        if state.over:
            site = urlencode({"standort": seen.ledger.unit[unit].facility})
            lines.append(Line(
                unit, f"{board}?{site}#offen" if board else "", None,
                Text(f"{state.used} auf {state.open} Plätzen", f"{state.used} on {state.open}"),
            ))  # fmt: skip
    return _matter("over", "Einheit überbelegt", "Unit over-occupied", lines,
                   bad=True)  # fmt: skip


def _tasks(seen: _Seen) -> list[Matter]:
    if not seen.may(rights.TASKS):
        return []
    rows = tasks_for(seen.user).select_related("household", "unit").order_by("due", "id")
    whole = reverse("tasks")
    late = [
        Line(t.household.key if t.household else t.unit.key if t.unit else f"{t.pk}",
             f"{whole}?{urlencode({'art': t.kind})}#t-{t.pk}", t.due, KINDS[t.kind])
        for t in rows.filter(due__lte=seen.today)
    ]  # fmt: skip
    later = rows.exclude(due__lte=seen.today).count()
    text = Text(f"Aufgabe fällig ({later} weitere offen)",
                f"Task due ({later} more open)")  # fmt: skip
    if not late and later:
        return [Matter("tasks", Text("Aufgabe offen, keine fällig",
                                     "Task open, none due"), [], later, whole)]  # fmt: skip
    return [Matter("tasks", text, late[:MOST], len(late), whole, is_bad=True)]


def _requests(seen: _Seen) -> list[Matter]:
    """What is asked of this office, and where its own asking waits for it."""
    if not seen.may(rights.REQUESTS):
        return []
    whole = reverse("requests")
    rows = [(x.row, f"{whole}#a-{x.row.pk}", x.row.person.key) for x in from_us(seen.user)]
    todo = [(x.row, f"{whole}#a-{x.row.pk}", f"{x.row.pk}") for x in to_us(seen.user, seen.today)]

    def lines(found: Iterable[tuple[Any, str, str]]) -> list[Line]:
        return [Line(name, address, r.due, Text(*WORDS[r.domain])) for r, address, name in found]

    return [
        _matter("asked", "Anfrage an uns", "Request to us",
                lines(x for x in todo if x[0].status == "open"), whole),
        _matter("countered", "Gegenangebot wartet auf uns", "Counter-offer waits for us",
                lines(x for x in rows if x[0].status == "countered"), whole),
        _matter("unanswered", "Anfrage ohne Antwort, Tag vorbei", "Request unanswered, day passed",
                lines(x for x in rows if x[0].status == "open" and x[0].due < seen.today), whole,
                bad=True),
    ]  # fmt: skip


def _contracts(seen: _Seen) -> list[Matter]:
    """Leases that end soon or have ended, of sites this user sees."""
    if not seen.may(rights.BOARD):
        return []
    rows: Iterable[Site] = sites_of(seen.user).filter(
        lease_until__isnull=False, lease_until__lt=seen.today + CONTRACTS, unit__isnull=False
    ).distinct().order_by("lease_until", "key")  # fmt: skip
    lines = [
        Line(s.name, reverse("site", args=[s.key]), s.lease_until,
             Text("Vertrag ist beendet", "has ended") if s.lease_until <= seen.today
             else Text("Vertrag endet", "lease ends"))
        for s in rows if s.lease_until
    ]  # fmt: skip
    return [_matter("contracts", "Vertrag endet im nächsten halben Jahr",
                    "Lease ends within half a year", lines, reverse("sites"))]  # fmt: skip


def _reports(seen: _Seen) -> list[Matter]:
    """Figures of others that are old, and figures two offices do not agree on."""
    if not seen.may(rights.BOARD):
        return []
    sites = set(sites_of(seen.user).values_list("key", flat=True))
    ledger, cycle = seen.ledger, Kommune.objects.get().reported_cycle_days

    def line(unit: str, day: date | None, note: Text) -> Line:
        found = ledger.unit[unit]
        address = (
            reverse("site", args=[found.facility]) if found.domain == BEDS
            else reverse("seats", args=[found.domain])
        )  # fmt: skip
        return Line(unit, f"{address}#{unit}", day, note)

    old = [
        line(u.id, u.reported_on, Text(f"gemeldet von {u.reported_by}", f"by {u.reported_by}"))
        for u in (stale(ledger, seen.today, cycle) if cycle else ()) if u.facility in sites
    ]  # fmt: skip
    two = [
        line(d.unit, d.other_on, Text(
            f"{d.owner} {d.places}, {d.other} {d.other_places}: es zählt {d.owner}",
            f"{d.owner} {d.places}, {d.other} {d.other_places}: {d.owner} counts",
        ))
        for d in differences(ledger) if ledger.unit[d.unit].facility in sites
    ]  # fmt: skip
    return [
        _matter("stale", "Meldung veraltet", "Report is stale", old),
        _matter("two", "Zwei Stellen melden Verschiedenes", "Two offices differ", two, bad=True),
    ]
