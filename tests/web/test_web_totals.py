"""The sums by site and day are what the ledger counts, after whatever was done in the register."""

import os
import random
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest
from test_web_intake import post, register
from test_web_placing_more import empty_units
from web_database import POSTGRES, named

TODAY = date(2026, 11, 23)
ACTS = 400 if os.environ.get("VORORT_FULL") == "1" else 50


def pairs(luck, many):
    """Days, past, present and planned, each with an instant of knowing or none."""
    from vorort.web import clock

    found = [(TODAY, None), (TODAY + timedelta(days=3), None)]
    for _ in range(many):
        day = TODAY + timedelta(days=luck.randrange(-60, 60))
        known = clock.now() - timedelta(hours=luck.choice((0, 1, 30, 400, 2000)))
        found.append((day, luck.choice((None, known))))
    return found


def wrong(luck, many=6):
    from vorort.web.totals.recount import differing

    return differing(pairs(luck, many), TODAY)


def test_a_loaded_register_has_its_totals(town):
    assert wrong(random.Random(1), 30) == {}


def kept_is_the_ledger(day, done):
    """What a process keeps of each site is what reading everything again gives."""
    from vorort.ledger import occupancy
    from vorort.web import bridge
    from vorort.web.totals.now import sites_now
    from vorort.web.town.models import Site

    whole = bridge.whole_ledger()
    states = occupancy(whole, day, today=TODAY).units
    sites = sites_now(Site.objects.values_list("pk", flat=True), day)
    assert [s.key for s in sites] == sorted(f.id for f in whole.facilities)
    for site in sites:
        assert site.on(day, TODAY) == {u.id: states[u.id] for u in whole.units_of.get(site.key, ())}
        assert {u.id: u for u in site.ledger.units} == {
            u.id: u for u in whole.units_of.get(site.key, ())
        }
        for person in site.ledger.persons:
            assert person.sex == whole.person[person.id].sex, done
            assert site.ledger.household_of(person.id, day) == whole.household_of(person.id, day)
    assert homes_of(sites, day) == homes_in(whole, day), done


def homes_of(sites, day):
    return {(h.household, u) for site in sites for h in site.homes(day) for u in h.units}


def homes_in(whole, day):
    from vorort.ledger import BEDS, bucket_of

    return {
        (whole.household_of(r.person, day) or "", r.unit) for r in whole.current
        if r.domain == BEDS and r.unit and bucket_of(r, day) in ("confirmed", "moved_in")
    }  # fmt: skip


def the_lists_are_those_of_the_ledger():
    """What is missing, who waits, who is a minor alone: from few rows as from all."""
    from vorort.ledger import incomplete, unaccompanied_minors
    from vorort.web import bridge
    from vorort.web.accounts.models import User
    from vorort.web.intake.gaps import gaps_for
    from vorort.web.placing.today import minors_alone
    from vorort.web.placing.waiting import needs_for

    user, whole = User.objects.get(username="schutz"), bridge.whole_ledger()

    def home(person):
        return whole.household_of(person, TODAY)

    whose = {"household": lambda g: g.id, "person": lambda g: home(g.id),
             "placement": lambda g: home(whole.placement[g.id].person)}  # fmt: skip
    missing = [(g, whose[g.noun](g)) for g in incomplete(whole)]
    assert sorted(gaps_for(user, TODAY), key=repr) == sorted((m for m in missing if m[1]), key=repr)
    assert {(n.person, n.domain) for n in needs_for(user, TODAY)} == {
        (r.person, r.domain) for r in whole.current
        if r.status == "requested" and r.unit is None and home(r.person)
    }  # fmt: skip
    assert minors_alone(TODAY) == [h.id for h in unaccompanied_minors(whole, TODAY)]
    what_is_due_is_due_by_the_ledger(whole)


def what_is_due_is_due_by_the_ledger(whole):
    """Of beds given, site by site as from all rows; and the beds of each site as the board has
    them."""
    from vorort.ledger import BEDS, expired_holds, overdue
    from vorort.web.placing.due import due_in
    from vorort.web.totals.now import sites_now
    from vorort.web.totals.reading import site_totals
    from vorort.web.town.models import Site

    numbers = list(Site.objects.values_list("pk", flat=True))
    sites = sites_now(numbers, TODAY)
    due = due_in(sites, TODAY)
    late = {r.id for r in overdue(whole, TODAY) if r.domain == BEDS and r.unit}
    assert {d.row.id for d in due if d.kind in ("kept", "over_until", "ended")} == late
    expired = {r.id for r in expired_holds(whole, TODAY) if r.unit}
    assert {d.row.id for d in due if d.kind == "expired"} == expired
    coming = {
        r.id for r in whole.current if r.domain == BEDS and r.unit and r.status == "confirmed"
        and r.from_ and r.from_ < TODAY + timedelta(days=7)
    }  # fmt: skip
    assert {d.row.id for d in due if d.kind in ("arriving", "absent", "coming")} == coming
    for d in due:
        day = max(d.row.from_ or TODAY, TODAY)
        assert d.household == (whole.household_of(d.row.person, day) or "")
    assert {s.key: s.beds(TODAY) for s in sites} == site_totals(numbers, [TODAY], TODAY)[0]


class Office:
    """Somebody who does whatever may be done, at random; refusals are normal."""

    def __init__(self, luck):
        from vorort.web.accounts.models import User
        from vorort.web.town.models import Unit

        self.luck = luck
        self.user = User.objects.get(username="belegung")
        own = Unit.objects.filter(facility__owner=self.user.office, domain="accommodation")
        self.units = list(own.values_list("key", flat=True))
        self.done = Counter()

    def act(self):
        from vorort.problems import Refused

        names = [n for n in dir(self) if n.startswith("do_")]
        name = self.luck.choice(names)
        try:
            getattr(self, name)(uuid.uuid4())
        except Refused:
            self.done["refused"] += 1
        else:
            self.done[name] += 1

    def _stays(self, *statuses):
        from vorort.web.placing.models import Stay

        rows = Stay.objects.filter(
            status__in=statuses, domain="accommodation", unit__facility__owner=self.user.office
        ).select_related("unit", "person")
        if not rows:
            return []
        one = self.luck.choice(list(rows))
        return [r for r in rows if r.unit_id == one.unit_id]

    def _people(self):
        from vorort.web.intake.models import Household, Person

        home = self.luck.choice(list(Household.objects.filter(kind__in=("single", "lone_parent"))))
        return list(Person.objects.filter(membership__household=home, left_on__isnull=True))

    def _day(self, low=-5, high=5):
        return TODAY + timedelta(days=self.luck.randrange(low, high))

    def do_hold(self, key):
        from vorort.web.placing import actions

        unit = self.luck.choice(self.units)
        beds = {p.key: unit for p in self._people()}
        if not beds:
            return
        ends = TODAY + timedelta(self.luck.randrange(1, 9))
        actions.hold(self.user, key, beds, self._day(), ends, TODAY + timedelta(60))

    def do_over_occupy(self, key):
        from vorort.web.placing import more

        beds = {p.key: self.luck.choice(self.units) for p in self._people()[:1]}
        if beds:
            more.over_occupy(self.user, key, beds, self._day(), TODAY + timedelta(9), "Nacht")

    def do_confirm(self, key):
        from vorort.web.placing import actions

        actions.confirm(self.user, key, [s.key for s in self._stays("held")])

    def do_extend(self, key):
        from vorort.web.placing import more

        more.extend(self.user, key, [s.key for s in self._stays("held")], TODAY + timedelta(12))

    def do_move_in(self, key):
        from vorort.web.placing import actions

        actions.move_in(self.user, key, [s.key for s in self._stays("confirmed")], TODAY)

    def do_move_out(self, key):
        from vorort.web.placing import actions

        stays = self._stays("moved_in")
        actions.move_out(self.user, key, [s.key for s in stays], self._day(-9, 1), "left",
                         self.luck.choice(((), ("cleaning",), ("keys", "repair"))))  # fmt: skip

    def do_keep(self, key):
        from vorort.web.placing import more

        stays = self._stays("moved_in")[:1]
        more.keep(self.user, key, [s.key for s in stays], TODAY, TODAY + timedelta(7))

    def do_cancel(self, key):
        from vorort.web.placing import more

        more.cancel(self.user, key, [s.key for s in self._stays("held", "confirmed")], "refused")

    def do_transfer(self, key):
        from vorort.web.placing import more

        people = {s.person.key: self.luck.choice(self.units) for s in self._stays("moved_in")}
        more.transfer(self.user, key, people, self._day(0, 4))

    def do_event(self, key):
        from vorort.web.accounts import rights
        from vorort.web.town import actions

        unit = self.luck.choice(self.units)
        target = self.luck.choice((unit, unit.rsplit("-", 1)[0]))
        values = {"kind": self.luck.choice(("block", "reserve", "unblock", "close", "step")),
                  "date": self._day(-20, 20), "places": self.luck.choice((1, 2, 3)),
                  "until": TODAY + timedelta(30), "reason_kind": "repair",
                  "reason": "x"}  # fmt: skip
        actions.write_event(self.user, key, values, [target], rights.BLOCK)

    def do_turnaround_done(self, key):
        from vorort.web.tasks import actions
        from vorort.web.tasks.models import Task

        tasks = list(Task.objects.filter(done_by__isnull=True, unit__isnull=False).order_by("id"))
        if tasks:
            actions.end(self.user, key, self.luck.choice(tasks).pk)

    def do_birth(self, key):
        from vorort.web.intake import events

        stays = self._stays("moved_in")
        events.birth(self.user, key, stays[0].person, TODAY - timedelta(3), "f", "")

    def do_places(self, key):
        """By a way no action knows of: the number of places is put right in the table."""
        from vorort.web.accounts import trail
        from vorort.web.town.models import Unit

        unit = self.luck.choice(self.units)
        more = self.luck.choice((-1, 1))
        trail.once(self.user, key, "unit", lambda act: Unit.objects.filter(key=unit, places__gt=1)
                   .update(places=Unit.objects.get(key=unit).places + more))  # fmt: skip

    def do_lease(self, key):
        from vorort.web.accounts import trail
        from vorort.web.town.models import Site

        site = self.luck.choice(self.units).rsplit("-", 1)[0]
        trail.once(self.user, key, "site", lambda act: Site.objects.filter(key=site).update(
            lease_until=self.luck.choice((None, self._day(-30, 60)))))  # fmt: skip

    def do_sex(self, key):
        """What rooms go by, put right in the table."""
        from vorort.web.accounts import trail

        person = self._stays("moved_in")[0].person
        trail.once(self.user, key, "person", lambda act: type(person).objects.filter(
            pk=person.pk).update(sex=self.luck.choice(("f", "m", None))))  # fmt: skip

    def do_belong(self, key):
        """Somebody leaves a household or comes into one, in the table."""
        from vorort.web.accounts import trail
        from vorort.web.intake.models import Household, Membership

        one, other = (self._stays("moved_in")[0].person for _ in range(2))
        rows = Membership.objects.filter(person=one)
        home = Household.objects.filter(membership__person=other).order_by("pk").last()

        def do(act):
            if self.luck.random() < 0.5:
                rows.update(member_until=self._day())
            else:
                rows.filter(pk=rows.last().pk).update(household=home)

        trail.once(self.user, key, "membership", do)

    def do_person(self, key):
        """What clocks go by, by ways no action knows of."""
        from vorort.web.accounts import trail
        from vorort.web.intake.models import Household, LegalBasis, Person

        person = self.luck.choice(list(Person.objects.filter(left_on=None)[:80]))
        homes = Household.objects.filter(membership__person=person)
        ways = (
            lambda act: Person.objects.filter(pk=person.pk).update(born="2021-03-04"),
            lambda act: Person.objects.filter(pk=person.pk).update(left_on=TODAY),
            lambda act: homes.update(arrived_on=self._day(-40, 0)),
            lambda act: LegalBasis.objects.filter(person=person).update(valid_until=self._day()),
            lambda act: LegalBasis.objects.filter(person=person).delete(),
        )
        trail.once(self.user, key, "person", self.luck.choice(ways))

    def do_seat(self, key):
        from vorort.web.accounts import trail
        from vorort.web.placing.models import Stay

        rows = Stay.objects.filter(domain__in=("school", "childcare"))
        one = self.luck.choice(list(rows[:60]))
        status = self.luck.choice(("moved_in", "ended"))
        trail.once(self.user, key, "seat", lambda act: rows.filter(pk=one.pk).update(
            status=status, until=TODAY))  # fmt: skip

    def do_room(self, key):
        """What a unit offers, put right in the table."""
        from vorort.web.accounts import trail
        from vorort.web.town.models import Unit

        changes = self.luck.choice(({"sex": "any"}, {"sex": "f"}, {"access": True}))
        trail.once(self.user, key, "unit", lambda act: Unit.objects.filter(
            key=self.luck.choice(self.units)).update(**changes))  # fmt: skip

    def do_delete(self, key):
        from vorort.web.intake import events
        from vorort.web.retention import actions

        person = self._stays("moved_in")[0].person
        events.depart(self.user, key, person, TODAY, "left")
        actions.delete(self.user, uuid.uuid4(), person)


@pytest.mark.parametrize("seed", [1, 2] if ACTS > 50 else [1])
def test_after_random_acts_the_sums_are_what_the_ledger_counts(town, seed):
    from vorort.web.deadlines.keeping import nightly, up_to_date

    luck = random.Random(seed)
    office = Office(luck)
    up_to_date(TODAY)
    for n in range(ACTS):
        office.act()
        if n % 10 == 9:
            the_lists_are_those_of_the_ledger()
        if n % 5 == 4:
            kept_is_the_ledger(TODAY + timedelta(days=luck.randrange(-9, 40)), office.done)
            assert wrong(luck) == {}, office.done
    assert wrong(luck, 30) == {}
    the_lists_are_those_of_the_ledger()
    assert nightly(TODAY) == 0, "dates kept by the acts are those of everybody reckoned again"
    assert len(office.done) > 8, office.done
    assert office.done["refused"] < ACTS * 3 // 4


def test_a_hold_counts_until_it_runs_out_also_on_days_after_its_end(browse):
    """A living hold takes its place on every later day; once it has run out on none of them."""
    from vorort.web.totals.reading import site_totals
    from vorort.web.town.models import Unit

    client = browse("belegung")
    key, unit = register(client), empty_units(4)[0]
    site = Unit.objects.get(key=unit).facility
    ends, later = TODAY + timedelta(days=2), TODAY + timedelta(days=20)

    def held(today):
        return site_totals([site.pk], [later], today)[0][site.key].held

    before = held(TODAY)
    fields = {"units": unit, "from": TODAY.isoformat(), "expires": ends.isoformat()}
    answer = post(client, f"/haushalte/{key}/vormerken/", fields, until="2027-01-31")
    assert answer.status_code == 302
    assert held(TODAY) == before + 4
    assert held(ends - timedelta(days=1)) == before + 4
    assert held(ends) == before


def test_a_wrong_sum_is_found_and_mended_in_the_night(town):
    from vorort.web.totals import recount
    from vorort.web.totals.models import Delta, SiteDay

    row = SiteDay.objects.filter(day__lte=TODAY).order_by("-day").first()
    SiteDay.objects.filter(pk=row.pk).update(free=row.free + 1)
    assert list(recount.differing([(row.day, None)], TODAY)) == [row.site.key]
    Delta.objects.filter(site=row.site, day__lte=TODAY).first().delete()
    assert recount.nightly(TODAY) >= 1
    assert wrong(random.Random(5), 10) == {}


@pytest.mark.skipif(not POSTGRES, reason="SQLite lets one act write at a time")
def test_what_nobody_settled_waits_for_whoever_is_at_work_in_its_site(browse):
    """Places written past all acts, and somebody holds their site: another act leaves them."""
    import psycopg

    from vorort.web.totals.models import Touched
    from vorort.web.town.models import Unit

    unit = Unit.objects.get(key=empty_units(1)[0])
    Unit.objects.filter(pk=unit.pk).update(places=unit.places + 1)
    assert Touched.objects.exists() and wrong(random.Random(2))
    clerk = browse("belegung")
    with psycopg.connect(f"{POSTGRES}/{named('test')}") as other:
        other.execute(
            "SELECT id FROM town_site WHERE id = %s FOR NO KEY UPDATE", [unit.facility_id]
        )
        register(clerk)
        assert Touched.objects.exists()
    register(clerk, sure="1")
    assert not Touched.objects.exists() and wrong(random.Random(2)) == {}


def marks():
    from vorort.web.totals.models import SiteMark

    return dict(SiteMark.objects.values_list("site", "value"))


@pytest.mark.skipif(not POSTGRES, reason="SQLite lets one act write at a time")
def test_a_change_of_a_person_marks_their_site_whoever_is_at_work_there(browse):
    """No figure changes by it, so nobody waits; but what a process keeps of the site is old."""
    import psycopg

    from vorort.web.accounts import trail
    from vorort.web.placing.models import Stay
    from vorort.web.totals.models import Touched

    stay = Stay.objects.filter(status="moved_in", domain="accommodation").select_related("unit")[0]
    site, before, people = stay.unit.facility_id, marks(), type(stay.person).objects
    with psycopg.connect(f"{POSTGRES}/{named('test')}") as other:
        other.execute("SELECT id FROM town_site WHERE id = %s FOR NO KEY UPDATE", [site])
        trail.once(None, uuid.uuid4(), "person", lambda act: people.filter(
            pk=stay.person_id).update(sex=None if stay.person.sex else "f"))  # fmt: skip
        assert marks()[site] != before[site] and not Touched.objects.exists()


def test_an_import_leaves_alone_what_is_noted_of_other_sites(browse, monkeypatch):
    from test_web_lists import a_unit, batch_of, upload

    from vorort.web.accounts.models import User
    from vorort.web.lists import actions, residents
    from vorort.web.lists.models import Batch
    from vorort.web.totals.models import Touched
    from vorort.web.town.models import Unit

    mine = Unit.objects.get(key=a_unit())
    other = Unit.objects.exclude(facility=mine.facility).first()
    text = f"Name;Vorname;Zimmer\nKastan;Amira;{mine.key}\n"
    number = int(batch_of(upload(browse("belegung"), text)).split("/")[2])
    write = residents._write_stays

    def with_a_note(*given):
        Touched.objects.create(unit=other.pk, is_anew=False)  # as another act would leave one
        write(*given)

    monkeypatch.setattr(residents, "_write_stays", with_a_note)
    before, user = marks(), User.objects.select_related("office", "role").get(username="belegung")
    actions.apply(user, uuid.uuid4(), Batch.objects.get(pk=number))
    after = marks()
    changed = {site for site in after if after[site] != before[site]}
    assert changed == {mine.facility_id, other.facility_id}
    assert not Touched.objects.exists() and wrong(random.Random(4)) == {}


def test_a_page_shows_the_figures_of_the_ledger(browse):
    """The board's sum line against the ledger, for now and for what was known."""
    import re

    from vorort.web import bridge, clock
    from vorort.web.totals.recount import _counted

    ledger = bridge.whole_ledger()
    for address, known in (("/plaetze/", None), ("/plaetze/?bekannt=2026-10-01",
                                                  clock.end_of(date(2026, 10, 1)))):  # fmt: skip
        page = browse("belegung").get(address).content.decode()
        line = page.split('<tr class="sum">')[1].split("</tr>")[0]
        cells = [re.sub("<[^>]+>", "", c) for c in re.findall(r"<td[^>]*>(.*?)</td>", line)]
        shown = [int(re.sub(r"\D", "", c)) for c in cells]
        own = list(_counted(ledger, TODAY, known, TODAY).values())
        names = ("nominal", "usable", "blocked_places", "used", "held", "kept", "unfit", "over")
        assert shown[:8] == [sum(getattr(s, n) for s in own) for n in names], address
        assert shown[8] == sum(s.free for s in own), address


@pytest.mark.parametrize("seed", range(6))
def test_sums_moved_by_what_came_are_sums_made_anew(town, seed):
    """Few days of a site are moved, many are summed up again: both are the sum of its deltas."""
    from vorort.ledger.deltas import NAMES, Delta
    from vorort.web import clock
    from vorort.web.totals import keeping
    from vorort.web.totals.models import SiteDay
    from vorort.web.town.models import Site

    def sums(sites):
        rows = SiteDay.objects.filter(site__in=sites).order_by("site", "day")
        return list(rows.values_list("site", "day", *NAMES))

    luck = random.Random(seed)
    ids = dict(luck.sample(sorted(Site.objects.values_list("key", "pk")), 5))
    for many in (1, 5, 5 * keeping.FEW, 60):
        changes = [
            Delta(
                luck.choice(sorted(ids)),
                luck.choice((date.min, TODAY + timedelta(days=luck.randrange(-90, 90)))),
                clock.now(), luck.choice((None, None, TODAY + timedelta(days=2))),
                tuple(luck.choice((0, 0, 1, -1, 5)) for _ in NAMES),
            )
            for _ in range(many)
        ]  # fmt: skip
        keeping.add(changes, ids)
        moved = sums(ids.values())
        keeping.sum_up(dict.fromkeys(ids.values(), date.min))
        assert moved == sums(ids.values())
