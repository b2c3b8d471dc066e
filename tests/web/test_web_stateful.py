"""A random life of a small town, lived in the register: the plain ledger's stateful test, its acts
done by the web's actions, and by its forms. Counted again from the tables by SQL, night by night.

With ``--full`` 50,000 nights of residents; otherwise a tenth of it.
"""

import os
import random
import shutil
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from web_database import POSTGRES, forget, made, named

sys.path.insert(0, str(Path(__file__).parents[1] / "ledger"))
import test_ledger_acts as plain
from ledger_counter import naive_places, naive_rows
from lived_web import Clock, Direct, Forms, Town, raw

FULL = os.environ.get("VORORT_FULL") == "1"
NIGHTS, BY_FORMS = (50_000, 500) if FULL else (1_000, 20) if POSTGRES else (5_000, 50)
STEPS = 60 if FULL else 30  # of a life
COUNTED = ("nominal", "blocked", "held", "confirmed", "moved_in", "kept", "over", "unfit", "free")
OVER = COUNTED.index("over")
LINEAR = ("nominal", "blocked", "held", "confirmed", "moved_in", "kept")
DAYS = [plain.START + timedelta(days=n) for n in (-3, 0, 1, 4, 9, 17, 30, 44, 51, 70)]


@cache
def places_on(events, facility, day, known_at):
    """Walks from the beginning of time; the same walk is not gone twice."""
    town = plain.town()
    return naive_places(Town((), town.facilities, town.units, events), facility, day, known_at)


def recount(town, day, today, known_at=None):
    """By site and by unit: every figure of DESIGN 3, one person and one day at a time."""
    rows = naive_rows(town.placements, known_at)
    sites, by_unit = {}, {}
    for facility in town.facilities:
        named, unnamed = places_on(town.capacity_events, facility.id, day, known_at)
        assert unnamed == 0
        total = Counter()
        for unit in (u for u in town.units if u.facility == facility.id):
            nominal, blocked = named[unit.id]
            people = Counter()
            for row in rows:
                if row.unit == unit.id:
                    people[_state(row, day, today)] += 1
            people.pop("", None)
            used, is_open = people.total(), nominal - blocked
            over = max(0, used - is_open)
            unfit = max(0, is_open - used) if used and unit.kind == "family" else 0
            found = Counter(people, nominal=nominal, blocked=blocked, over=over, unfit=unfit,
                            free=is_open + over - used - unfit)  # fmt: skip
            by_unit[unit.id] = tuple(found[n] for n in COUNTED)
            total.update(found)
        sites[facility.id] = tuple(total[n] for n in COUNTED)
    return sites, by_unit


def _state(row, day, today):
    if row.from_ is None or row.from_ > day or (row.until is not None and row.until <= day):
        return ""
    if row.status == "held" and row.kept_until and row.kept_until <= min(day, today):
        return ""
    if row.status == "absent":
        return "kept"
    if row.status == "ended" and row.until is None:
        return ""
    if row.status not in ("held", "confirmed", "moved_in", "ended"):
        return ""
    here = "moved_in" if row.status == "ended" else row.status
    return "kept" if row.second_place else here


def figures(state):
    return tuple(
        state.blocked_places if n == "blocked" else getattr(state, n) for n in COUNTED
    )  # fmt: skip


def board(user, start, today, known_at=None, opened="A"):
    """What the page shows on fourteen days of each site, and of the units of one of them."""
    from vorort.web.placing import queries

    found = queries.board(user, start, today, opened=opened, known_at=known_at)
    sites = {
        (line.key, day): figures(state)
        for _, lines in found.groups for line in lines for day, state in line.days
    }  # fmt: skip
    units = {}
    for row in found.rows:
        for span in row.spans:
            for n in range(span.length):
                units[row.unit.id, span.start + timedelta(days=n)] = figures(span.state)
    return sites, units


class Life(plain.Town):
    """As the plain town, but everything is done by the register and read from it."""

    fresh = nights = None  # set by the test
    way = Direct

    def __init__(self):
        super().__init__()
        self.dead, self.dead_rows, self.raw_log = set(), (), []

    def begin(self):
        plain.acts = plain_acts
        self.ledger = Life.fresh(plain.lived_in())
        self.log = [(plain.entry().at, self.ledger)]
        self.refused, self.done = 0, Counter()
        plain.acts = self.web = Life.web()
        self.web.clock.set(plain.entry())
        self.write_down()

    def act(self, name, call, may_overfill=False, rows=None):
        """Run an act; a refusal writes nothing, an ordinary act overfills nothing."""
        if rows == []:
            return
        before, was = raw(plain.town()), self.ledger
        try:
            found = call(self.entry())
        except plain.Refused as refused:
            assert refused.problems
            assert raw(plain.town()) == before
            self.refused += 1
            return
        after = found[0] if isinstance(found, tuple) else found
        assert after.placements[: len(was.placements)] == was.placements, "something overwritten"
        self.ledger = after
        self.done[name] += 1
        self.log.append((self.entry().at, after))
        self.write_down()
        if not may_overfill:
            now, today = raw(plain.town()), self.log[-1][0].date()
            for day in DAYS:
                units = [recount(x, day, today)[1] for x in (before, now)]
                assert all(units[1][u][OVER] <= units[0][u][OVER] for u in plain.UNITS), (name, day)

    def write_down(self):
        """What everybody would count now, with those who are deleted by then."""
        found = raw(plain.town())
        self.raw_log.append(
            (self.log[-1][0], found._replace(placements=(*found.placements, *self.dead_rows)))
        )

    def birth(self, who, day):
        people = list(self.beds(who, "B1"))
        if people and len(self.ledger.persons) < 20:
            before = {p.id for p in self.ledger.persons}
            count, refused = len(self.ledger.placements), self.refused
            self.act("birth", lambda e: plain.acts.birth(self.ledger, people[0], day, e),
                     may_overfill=True)  # fmt: skip
            assert self.refused == refused, "a birth is never refused"
            child = {p.id for p in self.ledger.persons} - before
            assert len(child) == 1
            assert {r.person for r in self.ledger.placements[count:]} <= child

    def correct(self, who, unit, day, until, accept):
        rows = self.rows(who, "confirmed", "moved_in")
        changes = {k: v for k, v in {"unit": unit, "from_": day, "until": until}.items() if v}
        if not rows or not changes:
            return
        shown = []

        def once(entry, seen=()):
            try:
                return plain.acts.correct(
                    self.ledger, rows[0], "Zettel gefunden", entry, seen=seen, **changes
                )
            except plain.Refused as refused:
                shown.append(refused.problems)
                if not accept or seen:
                    raise
                return once(entry, refused.problems)

        self.act("correct", once, may_overfill=accept)

    def another_office_never_confirms(self, office, who):
        rows = self.rows(who, "held")
        before = raw(plain.town())
        if rows:
            try:
                plain.acts.confirm(self.ledger, rows, self.entry(office))
            except plain.Refused as refused:
                assert self.way is Forms or any("library" in p.reason_de for p in refused.problems)
            else:
                raise AssertionError("an office that does not own the place has confirmed it")
            assert raw(plain.town()) == before

    def lease_end(self, where, day):
        if len(self.ledger.capacity_events) > 3:
            self.act("lease_end", lambda e: plain.acts.lease_end(self.ledger, where, day, e),
                     may_overfill=True)  # fmt: skip

    def somebody_leaves_and_is_deleted(self, who, seed):
        """Totals by site and day, true and known, are the same before and after."""
        people = sorted(p.id for p in self.ledger.persons)
        person = people[who % len(people)]
        entry = self.entry()
        open_rows = [
            r for r in naive_rows(self.ledger.placements)
            if r.person == person and r.status in ("held", "confirmed", "moved_in", "absent")
        ]  # fmt: skip
        if any(r.until is None or r.until > entry.today for r in open_rows):
            self.act("departure", lambda e: self.web.depart(person, e.today, e),
                     may_overfill=True)  # fmt: skip
        entry, user = self.entry(), self.web.user()
        mine = tuple(r for r in raw(plain.town()).placements if r.person == person)
        luck = random.Random(seed)
        views = [
            (plain.START + timedelta(days=luck.randrange(-5, 70)), at)
            for at in (None, None, *(luck.choice(self.log)[0] for _ in range(6)))
        ]  # 8 views of 14 days and 2 sites: 224 pairs of a day and what was known of it
        before = [board(user, day, entry.today, at)[0] for day, at in views]
        try:
            after = self.web.delete(person, entry)
        except plain.Refused:
            return
        for view, was in zip(views, before, strict=True):
            assert board(user, view[0], entry.today, view[1])[0] == was, (person, view)
        self.dead.add(person)
        self.dead_rows += mine
        self.ledger = after
        self.done["deleted"] += 1
        self.log.append((entry.at, after))
        self.write_down()

    def every_total_equals_the_naive_count(self):
        """The board: each site, each unit, against a count from the tables."""
        today, user = self.log[-1][0].date(), self.web.user()
        living = raw(plain.town())
        everybody = living._replace(placements=(*living.placements, *self.dead_rows))
        start = DAYS[len(self.log) % len(DAYS)]
        sites, units = board(user, start, today, opened="AB"[len(self.log) % 2])
        for n in (0, 1, 6, 13):
            day = start + timedelta(days=n)
            counted, _ = recount(everybody, day, today)
            _, by_unit = recount(living, day, today)
            for (unit, on), found in units.items():
                assert on != day or found == by_unit[unit], (unit, day)
            for site in "AB":
                found = sites[site, day]
                assert found[: len(LINEAR)] == counted[site][: len(LINEAR)], (site, day)
                assert self.dead or found == counted[site], (site, day)

    def what_was_known_equals_the_replay(self):
        """As known then: sites as everybody counted, units as the living say."""
        today, user = self.log[-1][0].date(), self.web.user()
        at, then = self.raw_log[-1 - (len(self.log) * 7) % len(self.log)]
        start = DAYS[(len(self.log) // 2) % len(DAYS)]
        sites, units = board(user, start, today, at, opened="BA"[len(self.log) % 2])
        living = then._replace(
            placements=tuple(r for r in then.placements if r.person not in self.dead)
        )
        for n in (0, 3, 11):
            day = start + timedelta(days=n)
            counted, _ = recount(then, day, today)
            _, by_unit = recount(living, day, today)
            for site in "AB":  # a deleted person's hold has run out since, or not: not counted
                n_ = slice(3, len(LINEAR)) if self.dead else slice(None)
                assert sites[site, day][n_] == counted[site][n_], (site, at, day)
            for (unit, on), found in units.items():
                assert on != day or found == by_unit[unit], (unit, at, day)

    def no_bed_for_an_unaccompanied_minor(self):
        ids = {m.person for m in self.ledger.memberships if m.household == "h6"}
        grown = {r.person for r in self.ledger.placements if r.source == "birth"}
        assert not [r for r in self.ledger.placements if r.person in ids - grown]

    def finish(self):
        """The audit against the tables, and how much was lived."""
        self.the_trail_alone_tells_the_whole_story()
        town = raw(plain.town())
        last = plain.START + timedelta(days=60)
        rows = naive_rows((*town.placements, *self.dead_rows))
        nights = sum(
            _state(row, plain.START + timedelta(days=n), last) != ""
            for row in rows for n in range(60)
        )  # fmt: skip
        Life.nights.update(self.done, nights=nights, refused=self.refused, steps=self.web.done)

    def the_trail_alone_tells_the_whole_story(self):
        """Every version of a stay that an act has written, put together from the audit only."""
        from vorort.web.accounts.models import ActValue
        from vorort.web.placing.models import Stay, StayOld

        columns = {"unit": "unit__key", "from": "from_on"}
        names = ["unit", "status", "from", "until", "ended_reason", "kept_until",
                 "over_occupancy_reason", "over_until", "second_place"]  # fmt: skip
        states, versions = {}, {}
        for table, who in ((StayOld, "stay_id"), (Stay, "id")):
            found = table.objects.order_by("number").values_list(
                who, "act_id", *(columns.get(n, n) for n in names)
            )
            for stay, act, *values in found:
                pairs = zip(names, values, strict=True)
                text = {n: None if v is None else str(v) for n, v in pairs}
                if act is None:
                    states[str(stay)] = text
                else:
                    versions[str(stay), act] = text
        told, known = {}, {row: [(0, dict(state))] for row, state in states.items()}
        for value in ActValue.objects.filter(table="stay").order_by("act_id", "id"):
            state = states.setdefault(value.row, dict.fromkeys(names))
            assert value.field in ("keys", "house_rules") or state[value.field] == value.old
            if value.field in state:
                state[value.field] = value.new
            told[value.row, value.act_id] = dict(state)
        for (row, act), state in told.items():
            known.setdefault(row, []).append((act, state))
        for (row, act), text in versions.items():  # one that changed nothing has no values
            last = max((a, n) for n, (a, _) in enumerate(known[row]) if a <= act)[1]
            assert known[row][last][1] == text, (row, act)


# what may happen, how often, and with what: names of what the strategies of the plain town draw
MOVES = {
    "hold": (5, "who unit day length expires"), "confirm_and_move_in": (3, "who day"),
    "confirm": (2, "who"), "move_in": (2, "who day"), "transfer": (3, "who unit day length"),
    "keep": (1, "who day"), "come_back": (1, "who day"), "move_out": (2, "who day reason"),
    "cancel": (1, "who"), "no_show": (1, "who"), "birth": (1, "who day"),
    "separate": (1, "who day"), "block": (1, "where day places span kind"),
    "lease_end": (1, "site day"), "over_occupy": (1, "who unit day"),
    "emergency": (1, "who unit day"), "correct": (3, "who maybe_unit maybe_day until accept"),
    "another_office_never_confirms": (1, "office who"),
    "somebody_leaves_and_is_deleted": (1, "who seed"),
}  # fmt: skip


def drawn(luck):
    day = plain.START + timedelta(days=luck.randint(0, 40))
    other = plain.START + timedelta(days=luck.randint(0, 40))
    return {
        "who": luck.randint(0, 30), "unit": luck.choice(plain.UNITS), "day": day,
        "length": luck.choice([None, luck.randint(1, 9)]), "expires": luck.randint(0, 20),
        "reason": luck.choice(("own_flat", "left", "wohin?")), "where": luck.choice(plain.UNITS),
        "places": luck.choice([None, luck.randint(1, 5)]),
        "kind": luck.choice(("block", "reserve")),
        "span": luck.choice([None, luck.randint(1, 20)]), "site": luck.choice("AB"),
        "maybe_unit": luck.choice([None, luck.choice(plain.UNITS)]),
        "maybe_day": luck.choice([None, day]), "until": luck.choice([None, other]),
        "accept": luck.random() < 0.5, "office": "library", "seed": luck.randrange(10**6),
    }  # fmt: skip


NAMED = {"span": "length", "site": "where", "maybe_unit": "unit", "maybe_day": "day"}


def live(seed, steps, but=()):
    """One life; the seed alone repeats it."""
    luck, life = random.Random(seed), Life()
    life.begin()
    names = [n for n in MOVES if n not in but]
    weights = [MOVES[n][0] for n in names]
    told = []
    try:
        for _ in range(steps):
            name, found = luck.choices(names, weights)[0], drawn(luck)
            if name == "somebody_leaves_and_is_deleted" and len(life.log) < 12:
                continue
            given = {NAMED.get(n, n): found[n] for n in MOVES[name][1].split()}
            told.append((name, given))
            getattr(life, name)(**given)
            life.every_total_equals_the_naive_count()
            life.what_was_known_equals_the_replay()
            life.nobody_sleeps_in_two_places()
            life.no_bed_for_an_unaccompanied_minor()
            life.over_occupancy_by_hand_always_has_a_reason()
        life.finish()
    except BaseException as error:
        error.add_note(f"life {seed}, step {len(told)}: {told[-3:]}")
        raise
    finally:
        plain.acts = plain_acts


plain_acts = plain.acts


@pytest.fixture
def lives(bare, town, tmp_path, monkeypatch):
    """Makes a register of the plain town anew for each life."""
    from django.db import connection

    from vorort.files import read_scenario
    from vorort.files.scenario import PlacementFiles
    from vorort.vocabulary import District, Office
    from vorort.web import bridge, register, scenarios
    from vorort.web.accounts import rights
    from vorort.web.accounts.models import Act, Role, User
    from vorort.web.totals import keeping
    from vorort.web.town import models as places

    register.load  # noqa: B018 set up by `loaded`
    folder = read_scenario(Path(__file__).parents[2] / "examples" / "musterstadt")
    offices = (Office("housing", "Amt für Wohnen"), Office("library", "Bücherei"))
    folder = replace(
        folder,
        municipality=replace(folder.municipality, districts=(District("d", "Mitte", 1000),),
                             offices=offices, today=plain.START),
        resident_demand=(), announced=(), measures=(), own_values={}, later=(),
        placing=PlacementFiles(), rules={},
    )  # fmt: skip
    base, built = tmp_path / "base.sqlite3", []

    def switch(name):
        connection.close()
        connection.settings_dict["NAME"] = name
        forget()

    def build(ledger):
        import uuid

        found = replace(folder, ledger=replace(ledger, offices=offices))
        act = Act(key=uuid.uuid4(), role="command line", office="", kind="load",
                  at=plain.entry().at - timedelta(days=1))  # fmt: skip
        scenarios.load(found, act, is_demo=True)
        clock_.at, clock_.today = act.at, plain.START
        keeping.rebuild_all()  # as `register.load` does
        if not Role.objects.exists():
            rights.write_first_roles()
        for name, office, role in (("housing", "housing", "belegung"),
                                   ("library", "library", "belegung"),
                                   ("boss", "housing", "verwaltung")):  # fmt: skip
            User.objects.create(username=name, is_demo=True, role=Role.objects.get(key=role),
                                office=places.Office.objects.get(key=office))  # fmt: skip
        connection.close()

    def fresh(ledger):
        if POSTGRES:
            switch(named("test"))
            connection.close()
            if not built:
                switch(made("small", like="bare"))
                build(ledger)
            switch(made("life", like="small"))
        else:
            if not built:
                switch(str(shutil.copy(bare, base)))
                build(ledger)
            switch(str(tmp_path / "life.sqlite3"))
            for old in tmp_path.glob("life.sqlite3*"):
                old.unlink()
            shutil.copy(base, tmp_path / "life.sqlite3")
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")
        built.append(1)
        return bridge.whole_ledger()

    clock_ = Clock(monkeypatch)
    Life.fresh, Life.nights = fresh, Counter()
    yield clock_
    plain.acts = plain_acts
    switch(str(town))


def test_a_towns_life_by_the_actions(lives):
    Life.web = lambda: Direct(lives)
    seed = 0
    while Life.nights["nights"] < NIGHTS:
        live(seed, STEPS)
        seed += 1
    print(seed, "lives", dict(Life.nights))
    kinds = ("hold", "confirm", "move_in", "transfer", "move_out", "birth", "correct", "block",
             "separation", "over_occupy", "emergency", "lease_end", "deleted")  # fmt: skip
    missing = [kind for kind in kinds if not Life.nights[kind]]
    assert POSTGRES or len(missing) <= (0 if FULL else 4), missing


def test_a_towns_life_by_the_forms(lives):
    from django.conf import settings
    from django.test import Client

    from vorort.web.accounts.models import User

    settings.ALLOWED_HOSTS = ["testserver"]

    def client(office):
        found = Client()
        found.force_login(User.objects.get(username=office))
        return found

    Life.way, seed = Forms, 1000
    Life.web = lambda: Forms(lives, client)
    try:
        while Life.nights["steps"] < BY_FORMS:
            live(seed, min(STEPS, BY_FORMS), ("emergency", "somebody_leaves_and_is_deleted"))
            seed += 1
    finally:
        Life.way = Direct
    print(seed - 1000, "lives", dict(Life.nights))
