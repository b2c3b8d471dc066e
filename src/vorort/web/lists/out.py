"""The lists that go out: each as its page shows it, for what the user may see. German: Ausgabe

Each function takes the user and what the page was asked for (filters, order), and gives the
headings, the rows, and the numbers of the people who stand in it by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from vorort.deadlines import read_rules
from vorort.ledger import BEDS, age_on, bucket_of, occupancy
from vorort.vocabulary import Text
from vorort.web import bridge, clock, sight, tables
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, User
from vorort.web.asked import whole
from vorort.web.deadlines import changes
from vorort.web.deadlines import queries as deadlines
from vorort.web.deadlines.models import RulesChange
from vorort.web.intake.gaps import gaps_for
from vorort.web.intake.models import Name
from vorort.web.placing import waiting
from vorort.web.requests.queries import from_us, to_us
from vorort.web.tasks.kinds import KINDS as TASKS
from vorort.web.tasks.queries import COLUMNS as TASK_COLUMNS
from vorort.web.tasks.queries import tasks_for
from vorort.web.town.models import Announcement, District, Office
from vorort.web.town.queries import (
    SEAT_COLUMNS,
    SITE_COLUMNS,
    chosen_seats,
    domains_with_seats,
    fitting_sites,
    sites_of,
)
from vorort.web.town.queries import seats as seats_of

Asked = Mapping[str, str]
Rows = list[list[Any]]


@dataclass(frozen=True)
class Sheet:
    """A list ready to be written. ``named``: whose names stand in it; that is a look at them."""

    header: list[str]
    rows: Rows
    named: list[str] = field(default_factory=list)


HOUSEHOLDS = tuple(
    tables.Column(name, Text(name, name), column)
    for name, column in (("haushalt", "id"), ("art", "kind"), ("gruppe", "group"),
                         ("ankunft", "arrived_on"))
)  # fmt: skip


def word(code: str | None) -> str:
    """A state or kind in German words, as a sheet says it."""
    from vorort.web.words import WORDS

    return WORDS.get(code or "", (code or "unbekannt",))[0]


def _next(day: date) -> date:
    return day + timedelta(days=1)


def households(user: User, asked: Asked) -> Sheet:
    """Households a user may open; names only with the right to them."""
    sees = rights.may(user, rights.NAMES)
    hidden = sight.hidden_households(user)
    found = tables.ordered_rows(asked, sight.households_for(user).order_by("key"), HOUSEHOLDS)
    if asked.get("q"):
        found = found.filter(key__icontains=asked["q"].strip()[:40])
    names: dict[str, list[tuple[str, str]]] = {}
    if sees:
        rows = Name.objects.filter(person__membership__household__isnull=False).values_list(
            "person__membership__household__key", "family", "person__key"
        )
        for key, family, person in rows:
            names.setdefault(key, []).append((family, person))
    header = ["Haushalt", *(["Name"] if sees else []), "Art", "Gruppe", "Ankunft", "zuständig"]
    listed, named = [], []
    for h in found:
        shown = names.get(h.key, [])[:1] if h.key not in hidden else []
        named += [person for _, person in shown]
        listed.append([h.key, *([shown[0][0] if shown else ""] if sees else []), word(h.kind),
                       word(h.group), h.arrived_on, h.responsible])  # fmt: skip
    return Sheet(header, listed, named)


def residents(user: User, asked: Asked) -> Sheet:
    """Who sleeps where tonight; protected people are "belegt", without number or name."""
    today = clock.today()
    sites = sight.sites_for(user, rights.BOARD)
    ledger = bridge.sites_between(sites.values_list("pk", flat=True), today, _next(today))
    shown = sight.shown_households(user)
    sees = rights.may(user, rights.NAMES)
    names = {n.person.key: n for n in Name.objects.select_related("person").order_by("-id")} if (
        sees) else {}  # fmt: skip
    named = ["Familienname", "Vorname"] if sees else []
    header = ["Standort", "Einheit", "Haushalt", "Person", *named, "Alter", "Geschlecht", "ab",
              "Zustand"]  # fmt: skip
    rows: Rows = []
    people = []
    for row in ledger.current:
        if row.unit is None or row.domain != BEDS or not bucket_of(row, today, today):
            continue
        who = ledger.household_of(row.person, today)
        site = ledger.facility[ledger.unit[row.unit].facility].name
        if who not in shown:
            rows.append([site, row.unit, "belegt", *[""] * (len(header) - 3)])
            continue
        person, name = ledger.person[row.person], names.get(row.person)
        people += [row.person] if name else []
        rows.append([
            site, row.unit, who, row.person,
            *([name.family if name else "", name.given if name else ""] if sees else []),
            age_on(person.born, today), person.sex, row.from_, word(row.status),
        ])  # fmt: skip
    return Sheet(header, sorted(rows, key=lambda r: (r[0], r[1], r[2])), people)


def board(user: User, asked: Asked) -> Sheet:
    """Units with their places tonight."""
    today = clock.today()
    sites = sight.sites_for(user, rights.BOARD)
    ledger = bridge.sites_between(sites.values_list("pk", flat=True), today, _next(today))
    found = occupancy(ledger, today, today=today).units
    header = ["Standort", "Einheit", "Plätze", "belegt", "vorgemerkt", "freigehalten", "gesperrt",
              "Rest", "zu viel", "frei"]  # fmt: skip
    rows = [
        [ledger.facility[u.facility].name, u.id, s.nominal, s.used, s.held, s.kept,
         s.blocked_places, s.unfit, s.over, s.free]
        for u in ledger.units if u.domain == BEDS for s in [found[u.id]]
    ]  # fmt: skip
    return Sheet(header, sorted(rows, key=lambda r: (r[0], r[1])))


def sites(user: User, asked: Asked) -> Sheet:
    """Sites with contract and cost, as the page is filtered and sorted."""
    header = ["Nummer", "Name", "Art", "Stadtteil", "Stelle", "Vertrag bis", "Kosten je Monat"]
    rows = [
        [s.key, s.name, word(s.kind), s.district.name, s.owner.name, s.lease_until,
         s.cost_month_eur]
        for s in tables.sorted_rows(asked, fitting_sites(sites_of(user), asked, "de"), SITE_COLUMNS)
    ]  # fmt: skip
    return Sheet(header, rows)


def seats(user: User, asked: Asked) -> Sheet:
    """Groups, classes and courses with what was reported, by whom and when: of one domain as its
    page is filtered and sorted, else of all."""
    today, offices = clock.today(), dict(Office.objects.values_list("key", "name"))
    header = ["Standort", "Gruppe", "Feld", "Art", "Plätze", "belegt", "gesperrt", "frei",
              "gemeldet von", "gemeldet am", "veraltet", "dagegen von", "dagegen am",
              "dagegen Plätze"]  # fmt: skip
    found = [
        line for domain in domains_with_seats(user) if asked.get("feld", domain) == domain
        for line in chosen_seats(
            seats_of(user, domain, today),
            *(asked.get(name, "") for name in ("gruppe", "stadtteil", "nur")),
        )
    ]  # fmt: skip
    rows = [
        [line.site.name, line.unit.key, word(line.unit.domain), word(line.unit.pool),
         line.state.nominal, line.state.used, line.state.blocked_places, line.state.free,
         offices.get(line.unit.reported_by or "", line.unit.reported_by), line.unit.reported_on,
         line.is_stale, offices.get(line.unit.other_by or "", line.unit.other_by),
         line.unit.other_on, line.unit.other_places]
        for line in tables.ordered(asked, found, SEAT_COLUMNS)
    ]  # fmt: skip
    return Sheet(header, rows)


def announcements(user: User, asked: Asked) -> Sheet:
    """Who is announced, by day."""
    header = ["Nummer", "erwartet am", "Gruppe", "Art", "Personen", "Alter"]
    rows = [
        [a.key, a.expected_on, word(a.group), word(a.kind), a.persons, a.ages]
        for a in Announcement.objects.order_by("expected_on", "id")
    ]
    return Sheet(header, rows)


def tasks(user: User, asked: Asked) -> Sheet:
    """Open tasks, as the page is filtered and sorted."""
    header = ["Aufgabe", "fällig", "Haushalt", "Einheit", "Stelle"]
    found = tasks_for(user).select_related("household", "unit", "office").order_by("due", "id")
    if asked.get("art"):
        found = found.filter(kind=asked["art"])
    rows = [
        [TASKS[t.kind].de, t.due, t.household.key if t.household else "",
         t.unit.key if t.unit else "", t.office.name]
        for t in tables.ordered_rows(asked, found, TASK_COLUMNS)
    ]  # fmt: skip
    return Sheet(header, rows)


def dates(user: User, asked: Asked) -> Sheet:
    """Next legal dates, as the page is filtered and sorted."""
    rules = read_rules()
    today = clock.today()
    found = deadlines.fitting(deadlines.dues_for(user, today), asked, today)
    header = ["Tag", "Stand", "Frist", "Person", "Haushalt", "Stelle", "Fundstelle"]
    rows = [
        [x.deadline.day, word(x.deadline.state), rules[x.deadline.rule].name.de,
         x.deadline.subject, x.household, word(x.deadline.office),
         rules[x.deadline.rule].source(today).cite]
        for x in deadlines.lines(tables.ordered_rows(asked, found, deadlines.COLUMNS), today)
    ]  # fmt: skip
    return Sheet(header, rows)


def moved(user: User, asked: Asked) -> Sheet:
    """Dates that a change of rules has moved, as its page is filtered and sorted; of the last
    change where none is named."""
    header = ["Frist", "Person", "Haushalt", "vorher", "nachher"]
    changed = RulesChange.objects.order_by("-pk")
    if asked.get("aenderung"):
        changed = changed.filter(pk=whole(asked["aenderung"]))
    change = changed.first()
    if change is None:
        return Sheet(header, [])
    names = {rule.key: rule.name.de for rule in changes.told(user, change).rules}
    found = changes.moved_for(user, change).select_related("person", "household")
    if asked.get("frist"):
        found = found.filter(rule=asked["frist"])
    rows = [
        [names[m.rule], m.person.key, m.household.key,
         *(("unbekannt" if day is None else day) if there else "keine"
           for there, day in ((m.had, m.before), (m.has, m.after)))]
        for m in tables.ordered_rows(asked, found, changes.COLUMNS)
    ]  # fmt: skip
    return Sheet(header, rows)


def needs_open(user: User, asked: Asked) -> Sheet:
    """Needs without a place, as the page is filtered and sorted."""
    names = dict(District.objects.values_list("key", "name"))
    found = waiting.fitting(waiting.needs_for(user, clock.today()), asked)
    header = ["Haushalt", "Person", "Handlungsfeld", "Alter", "Gebiet", "seit"]
    rows = [
        [n.household, n.person, word(n.domain), word(n.ages), names.get(n.area, "unbekannt"),
         n.since] for n in tables.ordered(asked, found, waiting.COLUMNS)
    ]  # fmt: skip
    return Sheet(header, rows)


def requests(user: User, asked: Asked) -> Sheet:
    """What this office has asked, and what is asked of it; without names."""
    header = ["Richtung", "Nummer", "Haushalt", "Feld", "Gruppe", "ab", "Antwort bis", "Stand",
              "andere Stelle"]  # fmt: skip
    out = [(x.row, "von uns", x.household, x.row.owner.name) for x in from_us(user)]
    into = [(x.row, "an uns", "", x.row.asker.name) for x in to_us(user, clock.today())]
    rows = [
        [way, r.pk, home, word(r.domain), r.unit.key if r.unit else "", r.wanted_from, r.due,
         word(r.said), other] for r, way, home, other in (*into, *out)
    ]  # fmt: skip
    return Sheet(header, rows)


def incomplete(user: User, asked: Asked) -> Sheet:
    """What is not known yet."""
    header = ["Haushalt", "betrifft", "was fehlt"]
    kind = asked.get("was", "")
    rows = [
        [key, gap.id, gap.text.de] for gap, key in gaps_for(user, clock.today())
        if not kind or gap.what == kind
    ]  # fmt: skip
    return Sheet(header, rows)


def audit(user: User, asked: Asked) -> Sheet:
    """Acts of a day: when, what kind, in which role of which office; no values."""
    from vorort.web.accounts.desk import sorted_acts
    from vorort.web.asked import day as read_day

    day, _ = read_day(asked.get("tag", ""), clock.calendar_day())
    found = Act.objects.filter(at__gt=clock.end_of(day - timedelta(days=1)),
                               at__lte=clock.end_of(day)).order_by("pk")  # fmt: skip
    for name, column in (("art", "kind"), ("stelle", "office")):
        if asked.get(name):
            found = found.filter(**{column: asked[name]})
    header = ["Zeit (UTC)", "Vorgang", "Grund", "Rolle", "Stelle"]
    return Sheet(header, [
        [f"{a.at:%d.%m.%Y %H:%M:%S}", word(a.kind), a.reason_code, a.role_name.de, a.office]
        for a in sorted_acts(found, asked, "de")
    ])  # fmt: skip


OUT: dict[str, tuple[Text, str, Callable[[User, Asked], Sheet]]] = {
    "households": (Text("Haushalte", "households"), rights.HOUSEHOLD, households),
    "residents": (Text("Bewohner heute Nacht", "residents tonight"), rights.HOUSEHOLD, residents),
    "announcements": (Text("Ankündigungen", "announcements"), rights.HOUSEHOLD, announcements),
    "dates": (Text("Fristen", "dates"), rights.DATES, dates),
    "moved": (Text("Fristen, die eine geänderte Regel bewegt hat",
                   "dates moved by a changed rule"), rights.DATES, moved),
    "needs": (Text("Bedarf ohne Platz", "needs without a place"), rights.TODAY, needs_open),
    "incomplete": (Text("Unvollständige Angaben", "incomplete records"), rights.HOUSEHOLD,
                   incomplete),
    "requests": (Text("Anfragen", "requests"), rights.REQUESTS, requests),
    "board": (Text("Belegung heute Nacht", "occupancy tonight"), rights.BOARD, board),
    "sites": (Text("Standorte", "sites"), rights.BOARD, sites),
    "seats": (Text("Gemeldete Plätze", "reported seats"), rights.BOARD, seats),
    "tasks": (Text("Aufgaben", "tasks"), rights.TASKS, tasks),
    "audit": (Text("Protokoll eines Tages", "audit of a day"), rights.AUDIT, audit),
}  # fmt: skip
