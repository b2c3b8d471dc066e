"""Hold, confirm, move in, move out: one transaction, one entry, history kept."""

import uuid
from datetime import date, timedelta

import pytest

from vorort.problems import Refused

TODAY = date(2026, 11, 23)


@pytest.fixture
def actor(town):
    from vorort.web.accounts.models import User

    return User.objects.select_related("office", "role").get(username="belegung")


@pytest.fixture
def case(town):
    """A single man with a confirmed place tonight is moved nowhere; we need one without a place."""
    from vorort.web import bridge

    ledger = bridge.whole_ledger()
    for household in ledger.households:
        people = ledger.members(household.id, TODAY)
        beds = [r for p in people for r in ledger.rows_of.get(p, ()) if r.domain == "accommodation"]
        if people and not beds and not household.protected and household.kind == "family":
            return household.id
    raise AssertionError("the invented town has no family without a place")


def _hold(actor, case, key=None):
    from vorort.web.placing import actions, finding, house

    offer = finding.fitting(house.wanted(case, TODAY), TODAY)[0]
    beds = house.beds(case, TODAY, list(offer.units))
    ends = TODAY + timedelta(days=3)
    lease = house.lease_of(offer.units)
    done = actions.hold(actor, key or uuid.uuid4(), beds, TODAY, ends, lease)
    return beds, done


def _stays(case):
    from vorort.web.placing.models import Stay

    return list(
        Stay.objects.filter(person__membership__household__key=case, domain="accommodation")
        .order_by("number")
        .select_related("unit", "person")
    )


def test_a_family_is_held_confirmed_moves_in_and_out_and_every_version_stays(actor, case, town):
    from vorort.web import bridge
    from vorort.web.accounts.models import Act, ActValue
    from vorort.web.placing import actions
    from vorort.web.placing.models import StayOld

    beds, _ = _hold(actor, case)
    assert {s.person.key: s.unit.key for s in _stays(case)} == beds
    assert {s.status for s in _stays(case)} == {"held"}
    actions.confirm(actor, uuid.uuid4(), [s.key for s in _stays(case)])
    actions.move_in(actor, uuid.uuid4(), [s.key for s in _stays(case)], TODAY)
    on = TODAY + timedelta(days=1)
    actions.move_out(actor, uuid.uuid4(), [s.key for s in _stays(case)], on, "own_flat")
    for stay in _stays(case):
        old = list(StayOld.objects.filter(stay=stay).order_by("number"))
        assert [o.status for o in old] == ["held", "confirmed", "moved_in"]
        chain = [*old, stay]
        assert [c.replaces for c in chain] == [None, *(c.key for c in chain[:-1])]
        assert all(o.superseded_at == n.recorded_at for o, n in zip(old, chain[1:], strict=True))
        assert stay.until == on
    kinds = list(Act.objects.exclude(kind="load").order_by("id").values_list("kind", flat=True))
    assert kinds == ["hold", "confirm", "move_in", "move_out"]
    for act in Act.objects.exclude(kind="load"):
        touched = set(ActValue.objects.filter(act=act).values_list("subject__key", flat=True))
        assert touched == set(beds)
    assert {r.id for r in bridge.whole_ledger().current} >= {s.key for s in _stays(case)}


def test_what_was_done_in_the_browser_reads_back_from_the_folder(actor, case, town, tmp_path):
    from vorort.files import read_scenario
    from vorort.web import register, scenarios
    from vorort.web.placing import actions

    _hold(actor, case)
    actions.confirm(actor, uuid.uuid4(), [s.key for s in _stays(case)])
    register.dump(tmp_path / "out")
    assert read_scenario(tmp_path / "out").ledger == scenarios.scenario().ledger


def test_the_same_request_twice_is_one_act(actor, case):
    from vorort.web.accounts.models import Act
    from vorort.web.placing import actions
    from vorort.web.placing.models import Stay

    key = uuid.uuid4()
    beds, first = _hold(actor, case, key)
    count = Stay.objects.count()
    again = actions.hold(actor, key, beds, TODAY, TODAY + timedelta(days=3))
    assert again.repeated
    assert again.act == first.act
    assert (Stay.objects.count(), Act.objects.filter(key=key).count()) == (count, 1)
    with pytest.raises(Refused):
        actions.confirm(actor, key, [s.key for s in _stays(case)])


def test_what_the_ledger_refuses_leaves_no_trace(actor, case):
    from vorort.web.accounts.models import Act
    from vorort.web.placing import actions
    from vorort.web.placing.models import Stay, StayOld

    beds, _ = _hold(actor, case)
    before = (Act.objects.count(), Stay.objects.count(), StayOld.objects.count())
    lease = _stays(case)[0].until
    with pytest.raises(Refused, match="schon einen Platz"):
        actions.hold(actor, uuid.uuid4(), beds, TODAY, TODAY + timedelta(days=3), lease)
    with pytest.raises(Refused, match="abgelaufen"):
        actions.hold(actor, uuid.uuid4(), beds, TODAY, TODAY)
    assert before == (Act.objects.count(), Stay.objects.count(), StayOld.objects.count())


def test_a_version_that_is_no_longer_in_force_is_said_to_have_changed(actor, case):
    from vorort.web.placing import actions

    _hold(actor, case)
    seen = [s.key for s in _stays(case)]
    actions.confirm(actor, uuid.uuid4(), seen)
    with pytest.raises(Refused, match="wurde inzwischen geändert"):
        actions.confirm(actor, uuid.uuid4(), seen)


def test_the_restricted_ledger_judges_as_the_whole_one_does(actor, town):
    """Every kind of refusal comes out alike on the part that is read under the lock."""
    from vorort.ledger import acts
    from vorort.ledger.acts import Entry
    from vorort.web import bridge, clock
    from vorort.web.intake.models import Person
    from vorort.web.town.models import Site

    whole = bridge.whole_ledger()
    entry = Entry(clock.now(), "sozialamt", TODAY)
    beds = [u for u in whole.units if u.domain == "accommodation"]
    people = [p.id for p in whole.persons]
    judged = refused = 0
    for n in range(0, 600, 7):
        unit, person = beds[n % len(beds)], people[(n * 13) % len(people)]
        part = bridge.around(
            Site.objects.filter(key=unit.facility).values_list("id", flat=True),
            Person.objects.filter(key=person).values_list("id", flat=True),
        )
        said = []
        for ledger in (whole, part):
            try:
                acts.hold(ledger, {person: unit.id}, TODAY, entry, expires=date(2026, 12, 1))
                said.append(())
            except Refused as refusal:
                said.append(refusal.problems)
        assert said[0] == said[1]
        judged += 1
        refused += bool(said[0])
    assert 0 < refused < judged


def test_the_browser_goes_the_whole_way_by_forms(browse, case):
    import re

    client = browse("belegung")
    page = client.get(f"/haushalte/{case}/plaetze/").content.decode()
    form = page.split(f'action="/haushalte/{case}/vormerken/"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert client.post(f"/haushalte/{case}/vormerken/", fields).status_code == 302
    for step in ("bestaetigen", "einzug"):
        page = client.get(f"/haushalte/{case}/").content.decode()
        form = page.split(f'action="/haushalte/{case}/{step}/"')[1].split("</form>")[0]
        sent = {
            "key": re.search(r'name="key" value="([^"]*)"', form)[1],
            "stay": re.findall(r'name="stay" value="([^"]*)"', form),
            "on": "2026-11-23",
        }
        assert client.post(f"/haushalte/{case}/{step}/", sent).status_code == 302
    assert {s.status for s in _stays(case)} == {"moved_in"}
    again = client.post(f"/haushalte/{case}/einzug/", {**sent, "key": str(uuid.uuid4())})
    assert again.status_code == 409
    assert "wurde inzwischen geändert" in again.content.decode()
