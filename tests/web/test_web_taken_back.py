"""A long list taken back by the worker: its sites are counted again before anybody has to wait."""

import uuid
from itertools import pairwise
from random import Random

import pytest
from test_web_killed import everything
from test_web_lists import TODAY, a_unit, people_named, post
from test_web_long_lists import a_list, a_small_unit, but_for_runs, last_run, page, read_in, short
from test_web_outlook import work
from test_web_totals import wrong

pytestmark = pytest.mark.usefixtures("short")
__all__ = ["short"]


@pytest.fixture
def counted(monkeypatch):
    """Sites counted again under the lock, as far as they were."""
    from vorort.web.totals import keeping

    found, rebuild = [], keeping.rebuild

    def watched(sites, *more, **named):
        chosen = list(sites)
        found.extend(chosen)
        rebuild(chosen, *more, **named)

    monkeypatch.setattr(keeping, "rebuild", watched)
    return found


def applied(client, unit):
    address, batch = read_in(client, a_list(unit, faulty=False))
    work()
    post(client, address + "uebernehmen/", what="apply")
    work()
    batch.refresh_from_db()
    assert batch.state == "applied"
    return address, batch


def take_back(client, address):
    post(client, address + "uebernehmen/", what="undo")
    work()
    return page(client, address)


def before_writing(monkeypatch, do):
    """Somebody does something between the preparing and the writing."""
    from vorort.web.lists import runs

    writing = runs._Steps.writing

    def late(self):
        writing(self)
        do()

    monkeypatch.setattr(runs._Steps, "writing", late)


def test_nothing_is_left_of_it_and_no_site_is_counted_under_the_lock(browse, counted):
    from vorort.web.totals.models import Touched

    client, unit = browse("belegung"), a_small_unit()
    before = in_the_totals()
    address, _ = applied(client, unit)
    assert in_the_totals() != before
    counted.clear()
    shown = take_back(client, address)
    assert "zurückgenommen: 0 neu" in shown, last_run().why
    assert not people_named("Kastan0").exists() and counted == []
    assert in_the_totals() == before and not Touched.objects.exists()
    assert wrong(Random(1), 30) == {}


def in_the_totals():
    """What the rows of all sites come to, however many rows that are."""
    from django.db.models import Sum

    from vorort.ledger.deltas import NAMES
    from vorort.web.totals.models import Delta, SiteDay

    found = Delta.objects.values("site", "day", "known_at", "expires").order_by()
    summed = found.annotate(**{f"n_{n}": Sum(n) for n in NAMES})
    rows = {tuple(r.values()) for r in summed if any(r[f"n_{n}"] for n in NAMES)}
    return rows, [*SiteDay.objects.order_by("site", "day").values_list("site", "day", *NAMES)]


def test_a_site_that_somebody_changes_meanwhile_is_counted_in_the_act(browse, monkeypatch, counted):
    client, unit = browse("belegung"), a_unit()
    address, _ = applied(client, unit)

    def moves_out():
        from vorort.web.placing import actions
        from vorort.web.placing.models import Stay

        stay = Stay.objects.filter(
            unit__facility__unit__key=unit, status="moved_in", until__isnull=True
        ).exclude(person__source="import").first()  # fmt: skip
        actions.move_out(clerk(), uuid.uuid4(), [stay.key], TODAY, "own_flat")

    before_writing(monkeypatch, moves_out)
    counted.clear()
    assert "zurückgenommen: 0 neu" in take_back(client, address), last_run().why
    assert len(counted) == 1
    assert wrong(Random(2), 30) == {}


def test_what_was_written_past_all_acts_meanwhile_is_counted_too(browse, monkeypatch, counted):
    """Its note lies beside the act's own, which are no reason to count anything again."""
    from datetime import timedelta

    from vorort.web.placing.models import Stay
    from vorort.web.totals.models import Touched

    client, unit = browse("belegung"), a_unit()
    address, _ = applied(client, unit)

    def by_hand():
        stays = Stay.objects.filter(unit__facility__unit__key=unit, status="moved_in")
        one = stays.filter(until__isnull=True).exclude(person__source="import").first()
        Stay.objects.filter(pk=one.pk).update(until=TODAY + timedelta(days=9))
        assert Touched.objects.exists()

    before_writing(monkeypatch, by_hand)
    counted.clear()
    assert "zurückgenommen: 0 neu" in take_back(client, address), last_run().why
    assert len(counted) == 1 and not Touched.objects.exists()
    assert wrong(Random(4), 30) == {}


def test_somebody_changed_meanwhile_stays_and_is_named(browse, monkeypatch):
    client = browse("belegung")
    address, _ = applied(client, a_unit())
    person = people_named("Kastan1").first().person
    home = person.membership_set.get().household.key

    def other_facts():
        post(client, f"/haushalte/{home}/personen/{person.key}/facts/", born="1990", sex="m")

    before_writing(monkeypatch, other_facts)
    shown = take_back(client, address)
    assert person.key in shown and "Seither geändert" in shown
    assert people_named("Kastan1").count() == 1 and not people_named("Kastan0").exists()
    assert wrong(Random(3), 30) == {}
    assert person.key in page(client, address), "also when the page is opened again"


def test_cancelled_while_sites_are_counted_the_list_holds(browse, monkeypatch):
    from vorort.web.lists import runs

    client = browse("belegung")
    address, batch = applied(client, a_unit())
    post(client, address + "uebernehmen/", what="undo")
    before, step = everything(), runs._Steps.__call__

    def cancelling(self, rows):
        client.post(address + "abbrechen/")
        step(self, rows)

    monkeypatch.setattr(runs._Steps, "__call__", cancelling)
    work()
    assert last_run().state == "cancelled"
    assert but_for_runs(everything()) == but_for_runs(before)
    shown = page(client, address)
    assert "Das Zurücknehmen wurde abgebrochen; die Liste gilt weiter." in shown
    assert "Zurücknehmen</button>" in shown
    monkeypatch.setattr(runs._Steps, "__call__", step)
    assert "zurückgenommen: 0 neu" in take_back(client, address)
    batch.refresh_from_db()
    assert batch.state == "undone"


def test_many_removed_together_take_with_them_what_each_alone_does(real_people):
    from django.db import transaction

    from vorort.web import bulk
    from vorort.web.intake.models import Household, Person

    def left(remove):
        with transaction.atomic():
            remove(Person, real_people)
            homes = Household.objects.filter(membership__isnull=True)
            remove(Household, list(homes.values_list("pk", flat=True)))
            found = everything()
            transaction.set_rollback(True)
        return found

    before = everything()
    each = left(lambda table, ids: table.objects.filter(pk__in=ids).delete())
    assert left(bulk.remove) == each and len(each) < len(before) - 3 * len(real_people)


@pytest.fixture
def real_people(town):
    """People about whom something stands in many tables."""
    from datetime import timedelta

    from vorort.web.accounts import trail
    from vorort.web.accounts.models import ReadLog
    from vorort.web.intake.models import Merge, Need, NotSame, Person, Vulnerability, Wish
    from vorort.web.tasks.models import Task

    people = list(Person.objects.order_by("key")[:150])

    def more(act):
        dates = {"since": TODAY, "expires": TODAY + timedelta(90)}
        for p, other in pairwise(people[:21]):
            home = p.membership_set.get().household
            Need.objects.create(person=p, code="ground_floor", **dates)
            Vulnerability.objects.create(person=p, code="illness", **dates)
            Wish.objects.create(household=home, kind="other", what="ruhig")
            NotSame.objects.create(one=p, other=other, act=act)
            Merge.objects.create(kept=p, gone=other, moved="", act=act)
            ReadLog.objects.create(actor=clerk(), subject=p, purpose_code="x", at=act.at)
            Task.objects.create(kind="other", office=clerk().office, household=home, made_by=act)
            Task.objects.create(kind="other", office=clerk().office, person=p, made_by=act)

    trail.once(clerk(), uuid.uuid4(), "test", more)
    return [p.pk for p in people]


def test_what_must_not_go_makes_the_whole_act_fail(town):
    from django.db import IntegrityError, transaction

    from vorort.web import bulk
    from vorort.web.accounts.models import User
    from vorort.web.town.models import Office

    office = User.objects.get(username="belegung").office
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.remove(Office, [office.pk])
    assert Office.objects.filter(pk=office.pk).exists()


def test_a_list_of_units_counts_no_site_again_in_or_out(town, counted):
    """Only where places of a whole site are blocked do units decide over each other."""
    from vorort.web.lists import actions, staging, undo
    from vorort.web.town.models import CapacityEvent, Site, Unit

    sites = list(Site.objects.filter(owner=clerk().office).order_by("key")[:4])
    blocked = sites[2]
    CapacityEvent.objects.create(key="block-x", target=blocked.key, date=TODAY, kind="block",
                                 status="decided", places=3, reason="x")  # fmt: skip
    keeping_up()
    lines = [f"{s.key};N-{s.pk}-{n};{n + 1};Familie" for s in sites for n in range(5)]
    content = "\n".join(["Standort;Einheit;Plätze;Art", *lines]).encode()
    batch = staging.stage(clerk(), "units", "erfunden.csv", content)
    before = in_the_totals()
    counted.clear()
    actions.apply(clerk(), uuid.uuid4(), batch)
    assert counted == [blocked.pk] and Unit.objects.filter(key__startswith="N-").count() == 20
    assert wrong(Random(5), 30) == {}
    batch.refresh_from_db()
    CapacityEvent.objects.create(key="close-x", target=f"N-{sites[1].pk}-1", date=TODAY,
                                 kind="close", status="planned", reason="x")  # fmt: skip
    keeping_up()
    changed = Unit.objects.get(key=f"N-{sites[0].pk}-0")
    changed.places = 9
    changed.save()  # past all acts: noted, and not in the totals yet
    counted.clear()
    _, kept = undo.undo(clerk(), uuid.uuid4(), batch)
    assert kept == [f"N-{sites[1].pk}-1"], "planned for, so it stays"
    assert sorted(counted) == sorted([sites[0].pk, blocked.pk]) and wrong(Random(6), 30) == {}
    assert before != in_the_totals(), "one unit is left"


def keeping_up():
    """What was written past all acts is in the totals."""
    from vorort.web.totals import keeping

    keeping.settle(None)


def clerk():
    from vorort.web.accounts.models import User

    return User.objects.get(username="belegung")
