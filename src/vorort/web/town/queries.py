"""What the pages of sites and units show. Who is there is a number here, not a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db.models import Count, Q, QuerySet, TextField, Value
from django.db.models.functions import NullIf

from vorort.ledger import BEDS, UnitDay
from vorort.vocabulary import CapacityEvent as Event
from vorort.vocabulary import Text
from vorort.web import clock
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.tables import Column, in_words
from vorort.web.tasks.models import Task
from vorort.web.totals.now import sites_now, states_of
from vorort.web.town.fields import SITE_KINDS
from vorort.web.town.models import CapacityEvent, Site, Unit


def notice_by(site: Site) -> date | None:
    """The last day to give notice before the lease ends; None where either is unknown."""
    if site.lease_until is None or site.notice_months is None:
        return None
    months = site.lease_until.year * 12 + site.lease_until.month - 1 - site.notice_months
    year, month = divmod(months, 12)
    day = site.lease_until.day
    while True:
        try:
            return date(year, month + 1, day) - timedelta(days=1)
        except ValueError:  # a month without this day
            day -= 1


SITE_COLUMNS = (
    Column("standort", Text("Standort", "Site"), "name"),
    Column("art", Text("Art", "Kind"), "kind_said"),
    Column("stadtteil", Text("Stadtteil", "District"), "district__name"),
    Column("stelle", Text("Stelle", "Office"), "owner__name"),
    Column("betreiber", Text("Betreiber", "Operator"), "run_by"),
    Column("einheiten", Text("Einheiten", "Units"), "units", is_number=True),
    Column("vertrag", Text("Vertrag bis", "Lease until"), "lease_until"),
    Column("kuendigen", Text("kündigen bis", "notice by"), notice_by),
)


@dataclass(frozen=True)
class Changed:
    """An entry of the trail about places, with what it changed."""

    act: Act
    values: list[tuple[str, str, str | None, str | None]]  # of what, field, old, new


@dataclass(frozen=True)
class SitePage:
    """A site with its units as they are on the day."""

    site: Site
    buildings: list[tuple[str, list[tuple[Unit, UnitDay]]]]
    units: int
    total: UnitDay
    events: list[CapacityEvent]
    tasks: list[Task]
    acts: list[Changed]
    notice_by: date | None  # the last day to give notice


def sites_of(user: User, right: str = rights.BOARD) -> QuerySet[Site]:
    """Every site a user may see; a shelter's only with the right to see protected places."""
    found = Site.objects.select_related("district", "owner").order_by("name")
    if rights.own_only(user, right):
        found = found.filter(owner=user.office)
    if not rights.may(user, rights.PROTECTED):
        found = found.filter(address_protected=False)
    return found


def fitting_sites(found: QuerySet[Site], asked: Mapping[str, str], lang: str) -> QuerySet[Site]:
    """The sites an address asks for: by kind, district, office and words; ready to be sorted."""
    for name, column in (("art", "kind"), ("stadtteil", "district__key"), ("stelle", "owner__key")):
        if asked.get(name):
            found = found.filter(**{column: asked[name]})
    wanted = asked.get("q", "").strip()[:80]
    if wanted:
        found = found.filter(
            Q(name__icontains=wanted) | Q(key__icontains=wanted) | Q(address__icontains=wanted)
        )
    return found.annotate(
        units=Count("unit"), kind_said=in_words("kind", SITE_KINDS, lang),
        run_by=NullIf("operator", Value("", TextField())),
    )  # fmt: skip


def by_building(units: Iterable[Unit]) -> list[tuple[str, list[Unit]]]:
    """Units by the building they are in, buildings and numbers in order."""
    found: dict[str, list[Unit]] = {}
    for unit in sorted(units, key=lambda u: (u.building, u.key)):
        found.setdefault(unit.building, []).append(unit)
    return list(found.items())


def site_page(user: User, site: Site, today: date) -> SitePage:
    """Everything about a site but the people."""
    from vorort.web.tasks.queries import tasks_for

    state = sites_now([site.pk], today)[0].on(today, today)
    units = list(Unit.objects.filter(facility=site).order_by("key"))
    buildings = [(b, [(u, state[u.key]) for u in rows]) for b, rows in by_building(units)]
    targets = [site.key, *(u.key for u in units)]
    events = list(
        CapacityEvent.objects.filter(target__in=targets).order_by("-date", "key")
    )  # fmt: skip
    return SitePage(
        site, buildings, len(units), UnitDay.total(state.values()), events,
        list(tasks_for(user).filter(Q(unit__in=units) | Q(site=site))
             .select_related("unit", "office").order_by("due", "id"))
        if rights.may(user, rights.TASKS) else [],
        changed([site], units, events), notice_by(site),
    )  # fmt: skip


def changed(
    sites: Iterable[Site], units: Iterable[Unit], events: Iterable[CapacityEvent], most: int = 20
) -> list[Changed]:
    """The last acts on some places with old and new values; none of them is about a person."""
    names = {
        ("site", str(s.pk)): s.name for s in sites
    } | {("unit", str(u.pk)): u.title or u.key for u in units} | {
        ("capacity_event", e.key): e.target for e in events
    }  # fmt: skip
    rows = {table: [r for t, r in names if t == table] for table in {t for t, _ in names}}
    about = Q(pk__in=[])
    for table, ids in rows.items():
        about |= Q(table=table, row__in=ids)
    values = ActValue.objects.filter(about, subject__isnull=True)
    acts = list(
        Act.objects.filter(pk__in=values.values("act"))
        .select_related("actor")
        .order_by("-pk")[:most]
    )
    found: dict[int, list[tuple[str, str, str | None, str | None]]] = {a.pk: [] for a in acts}
    for v in values.filter(act__in=acts).order_by("pk"):
        is_new = v.old in (None, "", "False")
        if v.field not in LEFT_OUT and not (is_new and v.new in (None, "", "False")):
            found[v.act_id].append((names[v.table, v.row], v.field, v.old, v.new))
    return [Changed(a, found[a.pk]) for a in acts]


LEFT_OUT = (  # what says nothing to people who read the history
    "key", "facility_id", "recorded_at", "source", "target", "kind", "domain", "per", "pool",
    "for_whom", "delay_low_days", "delay_high_days", "owner_id", "district_id",
)  # fmt: skip


@dataclass(frozen=True)
class SeatLine:
    """A group, class, course or counter with its figures."""

    unit: Unit
    site: Site
    state: UnitDay
    is_own: bool
    is_stale: bool
    begins: date | None  # of a course or group that is not open yet
    ends: date | None


SEAT_COLUMNS = (
    Column("name", Text("Gruppe", "Group"), lambda s: (s.unit.title or s.unit.key).casefold()),
    Column("plaetze", Text("Plätze", "Places"), lambda s: s.state.nominal, is_number=True),
    Column("belegt", Text("belegt", "used"), lambda s: s.state.used, is_number=True),
    Column("frei", Text("frei", "free"), lambda s: s.state.free, is_number=True),
    Column("gemeldet", Text("gemeldet von, am", "as reported by, on"),
           lambda s: s.unit.reported_on),
)  # fmt: skip
REPORT_ANEW = Column("melden", Text("neu melden", "report anew"))


def seats(user: User, domain: str, today: date) -> list[SeatLine]:
    """Seats of a domain, of the own office or of all, by site."""
    sites = sites_of(user).filter(unit__domain=domain).distinct()
    every = sites_now(sites.order_by().values_list("pk", flat=True), today)
    state, cycle = states_of(every, today), clock.cycle()
    limit = today - timedelta(days=cycle) if cycle else date.min
    units = Unit.objects.filter(facility__in=sites, domain=domain).select_related(
        "facility__owner", "facility__district"
    )
    begins, ends = _dates((e for now in every for e in now.ledger.capacity_events), today)
    return [
        SeatLine(
            u, u.facility, state[u.key], u.facility.owner_id == user.office.pk,
            u.reported_on is None or u.reported_on < limit, begins.get(u.key), ends.get(u.key),
        )
        for u in units.order_by("facility__name", "key")
    ]  # fmt: skip


def _dates(events: Iterable[Event], today: date) -> tuple[dict[str, date], dict[str, date]]:
    """The next decided opening and closing of each unit."""
    begins: dict[str, date] = {}
    ends: dict[str, date] = {}
    for e in sorted((e for e in events if e.status == "decided"), key=lambda e: e.date):
        if e.kind == "open":
            if e.date > today:
                begins.setdefault(e.target, e.date)
            if e.until and e.until > today:
                ends.setdefault(e.target, e.until)
        elif e.kind == "close" and e.date > today:
            ends.setdefault(e.target, e.date)
    return begins, ends


def chosen_seats(lines: Iterable[SeatLine], pool: str, district: str, only: str) -> list[SeatLine]:
    """Lines of one age or level, of one district; ``only``: free, stale, differ."""
    return [
        line for line in lines
        if pool in ("", line.unit.pool) and district in ("", line.site.district.key)
        and (only != "free" or line.state.free)
        and (only != "stale" or line.is_stale)
        and (only != "differ" or line.unit.other_places not in (None, line.state.nominal))
    ]  # fmt: skip


def tally(lines: Iterable[SeatLine]) -> list[tuple[str, UnitDay]]:
    """Sums by age or level, in words of `POOLS`."""
    found: dict[str, list[UnitDay]] = {}
    for line in lines:
        found.setdefault(line.unit.pool, []).append(line.state)
    return [(pool, UnitDay.total(states)) for pool, states in found.items()]


Grouped = list[tuple[Site, list[tuple[SeatLine, UUID]]]]


def one_by_one(lines: Iterable[SeatLine]) -> Grouped:
    """The same where lines stand in an order that tears sites apart."""
    return [(line.site, [(line, uuid4())]) for line in lines]


def by_site(lines: Iterable[SeatLine]) -> Grouped:
    """Lines under their site, each with a key for its form."""
    found: dict[int, tuple[Site, list[tuple[SeatLine, UUID]]]] = {}
    for line in lines:
        found.setdefault(line.site.pk, (line.site, []))[1].append((line, uuid4()))
    return list(found.values())


def domains_with_seats(user: User) -> list[str]:
    """Domains other than beds in which this user sees units."""
    found = Unit.objects.filter(facility__in=sites_of(user)).exclude(domain=BEDS)
    return sorted(set(found.values_list("domain", flat=True)))
