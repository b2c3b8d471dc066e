"""A week's plan on the register: the command line's result, decided household by household."""

import json
import os
import uuid
from datetime import date, timedelta

import pytest
from web_database import forget

TODAY = date(2026, 11, 23)


def run():
    """A run, computed here instead of in the worker."""
    from vorort.web import clock
    from vorort.web.proposals import runs
    from vorort.web.proposals.models import Run

    row = Run.objects.create(at=clock.now())
    runs.execute(row.pk)
    row.refresh_from_db()
    assert row.state == "done", row.why
    return row


def assert_same(ours, theirs):
    """The same plan in every part. What is said of it comes from these parts alone; the full run
    solves all reasons for both and compares that, too."""
    from vorort.placement import told

    assert ours == theirs
    if os.environ.get("VORORT_FULL") == "1":
        assert json.dumps(told(ours)) == json.dumps(told(theirs))


def test_a_run_that_fails_says_of_which_kind_and_names_nobody(town, monkeypatch):
    from django.utils import timezone

    from vorort.web import running
    from vorort.web.proposals import runs
    from vorort.web.proposals.models import Run

    def broken(*_, **__):
        raise ValueError("Rehan Ustaan, H-0012")

    monkeypatch.setattr(runs, "place", broken)
    row = Run.objects.create(at=timezone.now())
    with pytest.raises(running.Failed) as told:
        runs.execute(row.pk)
    row.refresh_from_db()
    assert (row.state, row.why, str(told.value)) == ("failed", "ValueError", "ValueError")
    assert told.value.__suppress_context__, "the queue writes down what it is told"


def registered(client, announcement="A-003"):
    """The announced household, as it arrives."""
    from vorort.web.intake.models import Household

    answer = client.post("/haushalte/neu/", {
        "key": str(uuid.uuid4()), "family": "Ustaan", "rows": "2", "given-0": "Rehan",
        "born-0": "1990", "sex-0": "f", "given-1": "Sara", "born-1": "2025", "sex-1": "f",
        "group": "asylum", "arrived_on": "2026-11-23", "responsible": "sozialamt",
        "ankuendigung": announcement, "sure": "1",
    })  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    return Household.objects.get(key=answer.url.split("/")[2])


def seen(role="belegung"):
    from vorort.web.accounts.models import User
    from vorort.web.proposals import runs, week

    return week.seen(User.objects.get(username=role), TODAY, runs.newest())


def post(client, row, whom, what, **sent):
    return client.post(f"/vergabe/{row.pk}/{whom}/{what}/", {"key": str(uuid.uuid4()), **sent})


def everything_placement_reads():
    """One row at least in every table."""
    from vorort.web.intake.models import Household, Need, Person, Wish
    from vorort.web.proposals import models
    from vorort.web.town.models import Announcement, District, Site, Unit

    home, other = (Household.objects.get(key=k) for k in ("H-0012", "H-0041"))
    person = Person.objects.filter(membership__household=home).first()
    coming = Announcement.objects.get(key="A-003")
    Need.objects.create(person=person, code="lockable", since=TODAY, expires=date(2027, 5, 1))
    Person.objects.filter(pk=person.pk).update(language="Dari")
    models.Requirement.objects.create(announced=coming, code="own_unit", strength="should")
    models.Requirement.objects.create(household=other, code="quiet", until=date(2027, 1, 1))
    Wish.objects.create(household=home, kind="district", what="mitte")
    models.Wish.objects.create(announced=coming, kind="district", target="nord")
    site = Site.objects.filter(unit__domain="accommodation").first()
    models.Exclusion.objects.create(household=home, other_announced=coming)
    models.Exclusion.objects.create(announced=coming, facility=site, until=date(2027, 1, 1))
    models.OpenNeed.objects.create(announced=coming, domain="accommodation", due=date(2026, 11, 26))
    models.OpenNeed.objects.create(
        announced=Announcement.objects.get(key="A-001"), domain="accommodation", is_left_out=True
    )
    models.OpenNeed.objects.create(household=home, domain="accommodation", since=TODAY)
    unit = Unit.objects.get(key="GU-BAH-031")
    models.Lock.objects.create(announced=coming, unit=unit, kind="forbid", reason="Treppe")
    mitte, nord = (District.objects.get(key=k) for k in ("mitte", "nord"))
    models.Reach.objects.filter(district__in=(mitte, nord), other__in=(mitte, nord)).delete()
    models.Reach.objects.create(district=mitte, other=nord, minutes=14)
    models.RuleEntry.objects.filter(part="weights").delete()
    models.RuleEntry.objects.create(part="rules", name="sex", from_on=None, value="false")
    models.RuleEntry.objects.create(part="weights", name="distance", from_on=TODAY, value="7")
    forget()


@pytest.mark.reckons
def test_the_plan_of_the_web_is_that_of_the_command_line_and_survives_the_folder(town, tmp_path):
    from vorort.placement import place
    from vorort.placement.front import problem_of_folder
    from vorort.web import register as web
    from vorort.web.proposals import runs
    from vorort.web.proposals.problems import register

    everything_placement_reads()
    web.dump(tmp_path / "town")
    names = {p.name for p in (tmp_path / "town").iterdir()}
    assert {"needs.csv", "wishes.csv", "exclusions.csv", "reach.csv", "open_needs.csv",
            "locks.csv", "rules.yaml"} <= names  # fmt: skip
    problem = problem_of_folder(tmp_path / "town")
    assert problem == register().week
    asking = {p.id for p in problem.parties if p.asks_home}
    assert "A-001" not in asking and problem.party["A-003"].urgency == "deadline"
    assert_same(runs.plan_of(run()), place(problem))


@pytest.mark.reckons
def test_a_folder_with_everything_of_placement_comes_back_as_the_same_problem(
    town, tmp_path, empty
):
    from vorort.placement.front import problem_of_folder
    from vorort.web import register as web
    from vorort.web.proposals.problems import register

    everything_placement_reads()
    web.dump(tmp_path / "town")
    empty()
    web.load(tmp_path / "town", is_demo=True)
    forget()
    assert register().week == problem_of_folder(tmp_path / "town")
    web.dump(tmp_path / "again")
    assert problem_of_folder(tmp_path / "again") == problem_of_folder(tmp_path / "town")


def requests_of_every_kind():
    """Asked and answered by the acts people use: who was asked for, by the state of the request."""
    from vorort.web.accounts.models import User
    from vorort.web.placing.models import Stay
    from vorort.web.proposals import models
    from vorort.web.requests import actions
    from vorort.web.requests.models import Request
    from vorort.web.town.models import Unit

    asker, owner = (User.objects.get(username=n) for n in ("belegung", "kita"))
    waits = Stay.objects.filter(
        domain="childcare", status="requested", unit__isnull=True,
        person__membership__household__protected=False,
    ).order_by("id").select_related("person")  # fmt: skip
    kinds = ("open", "countered", "confirmed", "ended", "refused", "withdrawn", "any")
    found = dict(zip(kinds, [s.person for s in waits], strict=False))
    units = Unit.objects.filter(facility__owner=owner.office, domain="childcare").order_by("id")
    groups = list(units[:3])
    for name, person in found.items():
        actions.ask(asker, uuid.uuid4(), [person], groups[0], date(2026, 12, 1), TODAY)
        number, key = Request.objects.get(person=person).pk, uuid.uuid4()
        home = person.membership_set.get(member_until__isnull=True).household
        models.OpenNeed.objects.filter(person=person).delete()  # the town's own list has none
        models.OpenNeed.objects.create(household=home, person=person, domain="childcare")
        if name == "countered":
            actions.counter(owner, key, number, groups[1], date(2026, 12, 7), TODAY)
        if name in ("confirmed", "ended"):
            actions.confirm(owner, key, number, groups[2], TODAY)
            began = {"from_on": date(2026, 11, 2)} | (
                {"status": "ended", "until": TODAY} if name == "ended" else {}
            )
            Stay.objects.filter(person=person, domain="childcare").update(**began)
        if name == "refused":
            actions.refuse(owner, key, number, "full", "")
        if name == "withdrawn":
            actions.end(asker, key, number, "withdraw")
    Request.objects.filter(person=found["any"]).update(unit=None)
    assert Request.objects.count() == len(kinds)
    forget()
    return {name: person.key for name, person in found.items()}


@pytest.mark.reckons
def test_with_requests_open_the_web_and_its_folder_propose_the_same(town, tmp_path):
    from vorort.files import read_scenario
    from vorort.placement import place
    from vorort.placement.front import problem_of_folder
    from vorort.web import register as web
    from vorort.web.proposals import runs

    who = requests_of_every_kind()
    web.dump(tmp_path / "town")
    asked = {r.person: r for r in read_scenario(tmp_path / "town").placing.requests}
    kept = ("open", "countered", "confirmed", "any")
    assert set(asked) == {who[name] for name in kept}
    problem = problem_of_folder(tmp_path / "town")
    wants = {n.person for p in problem.parties for n in p.seats if n.domain == "childcare"}
    assert {name for name, key in who.items() if key in wants} == {"ended", "refused", "withdrawn"}
    assert_same(runs.plan_of(run()), place(problem))
    (tmp_path / "town" / "requests.csv").unlink()
    without = problem_of_folder(tmp_path / "town")
    assert {who[name] for name in kept} <= {n.person for p in without.parties for n in p.seats}


@pytest.mark.reckons
def test_requests_go_through_a_folder_into_another_register_as_they_are(town, tmp_path, empty):
    from vorort.web import register as web
    from vorort.web.proposals.requested import requests
    from vorort.web.requests.models import Request

    requests_of_every_kind()
    before = requests()
    web.dump(tmp_path / "town")
    empty()
    web.load(tmp_path / "town", is_demo=True)
    forget()
    assert requests() == before and len(before) == 4
    answered = dict(Request.objects.values_list("status", "answered_by"))
    assert answered["open"] is None and answered["countered"] is not None
    web.dump(tmp_path / "again")
    name = "requests.csv"
    assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "town" / name).read_bytes()


def test_the_folder_can_be_read_after_two_records_became_one_person(town, tmp_path):
    from vorort.files import read_scenario
    from vorort.web import register as web
    from vorort.web.accounts.models import User
    from vorort.web.intake import merging
    from vorort.web.intake.models import Person
    from vorort.web.proposals import models
    from vorort.web.requests.models import Request

    who = requests_of_every_kind()
    gone = Person.objects.get(key=who["open"])
    kept = Person.objects.filter(same_as__isnull=True, stay__isnull=True).exclude(
        membership__household__in=gone.membership_set.values("household")
    ).first()  # fmt: skip
    home = gone.membership_set.get(member_until__isnull=True).household
    models.Requirement.objects.create(household=home, person=gone, code="quiet")
    merging.merge(User.objects.get(username="schutz"), uuid.uuid4(), kept, gone)
    assert Request.objects.get(person=kept).status == "open", "it goes along"
    forget()
    web.dump(tmp_path / "town")
    found = read_scenario(tmp_path / "town").placing
    own = kept.membership_set.get(member_until__isnull=True).household.key
    assert [r.status for r in found.requests if r.person == kept.key] == ["open"]
    assert {n.household for n in found.open_needs if n.person == kept.key} == {own}
    assert {r.household for r in found.requirements if r.person == kept.key} == {own}


def test_a_run_keeps_its_whole_input_and_says_what_was_deleted_since(browse):
    from vorort.placement import place
    from vorort.web.intake.models import Household
    from vorort.web.proposals import runs, snapshot
    from vorort.web.proposals.problems import register

    client = browse("belegung")
    row = run()
    assert snapshot.is_repeatable(row)
    again = snapshot.problem_of(row)
    assert again == register().week
    assert place(again).objective == row.objective and row.bound >= row.objective
    gone = Household.objects.get(key="H-0012")
    people = [m.person for m in gone.membership_set.all()]
    for person in people:
        person.delete()
    gone.delete()
    forget()
    runs._KEPT.clear()
    assert not snapshot.is_repeatable(row)
    assert "H-0012" not in "".join(row.rows.values_list("text", flat=True))
    assert "H-0012" not in row.frame
    text = client.get("/vergabe/").content.decode()
    missing = row.inputs - row.rows.count()
    assert missing > 0 and f"{missing} von {row.inputs} Eingabezeilen sind gelöscht" in text


def test_a_household_is_confirmed_beside_its_reasons_and_a_double_click_is_one_act(browse):
    from vorort.web.accounts.models import Act
    from vorort.web.placing.models import Stay

    client = browse("belegung")
    row = run()
    text = client.get("/vergabe/?haushalt=A-003").content.decode()
    assert "Ankunft erfassen, dann bestätigen" in text and "Platz bestätigen" not in text
    assert post(client, row, "A-003", "bestaetigen").status_code == 409, "only announced"
    home = registered(client)
    assert "Platz bestätigen" in client.get("/vergabe/?haushalt=A-003").content.decode()
    assert "Platz bestätigen" not in client.get("/vergabe/").content.decode()
    before, key = Act.objects.count(), str(uuid.uuid4())
    units = {u.key for u in seen().line("A-003").units}
    assert post(client, row, "A-003", "bestaetigen", key=key).status_code == 302
    stays = Stay.objects.filter(person__membership__household=home, domain="accommodation")
    assert {s.unit.key for s in stays} <= units and {s.status for s in stays} == {"confirmed"}
    acts = Act.objects.count()
    assert acts == before + 2, "held and confirmed, as anywhere else"
    assert post(client, row, "A-003", "bestaetigen", key=key).status_code == 302
    assert Act.objects.count() == acts
    assert post(client, row, "A-003", "bestaetigen").status_code == 409, "no longer open"
    assert seen().line("A-003").state == "confirmed"
    text = client.get("/heute/").content.decode()
    assert "haushalt=A-006" in text and "haushalt=A-003" not in text


def test_a_decision_shows_who_else_moves_before_anything_is_stored(browse):
    from vorort.web.accounts.models import Act
    from vorort.web.proposals import runs
    from vorort.web.proposals.models import Lock, Run

    client = browse("belegung")
    row = run()
    old = {k: v.home.units for k, v in runs.plan_of(row).of.items() if v.home}
    before = Act.objects.count(), Run.objects.count()

    def forbidden():
        rows = Lock.objects.filter(kind="forbid", announced__key="A-003")
        return {lock.unit.key for lock in rows}

    shown = post(client, row, "A-003", "anders", kind="forbid")
    assert "Wer zieht sonst um?" in shown.content.decode() and shown.status_code == 200
    assert (Act.objects.count(), Run.objects.count()) == before and not forbidden()
    key = str(uuid.uuid4())
    sent = {"kind": "forbid", "store": "1", "key": key, "units": " ".join(old["A-003"])}
    assert post(client, row, "A-003", "anders", **sent).status_code == 302
    assert post(client, row, "A-003", "anders", **sent).status_code == 302
    assert (Act.objects.count(), Run.objects.count()) == (before[0] + 1, before[1] + 1)
    new = runs.plan_of(runs.newest())
    assert not set(old["A-003"]) & set(new.of["A-003"].home.units)
    assert forbidden() == set(old["A-003"])
    late = post(client, row, "A-005", "anders", kind="lock", store="1")
    assert late.status_code == 409 and "neueren Vorschlag" in late.content.decode()
    again = runs.plan_of(run())
    assert not set(old["A-003"]) & set(again.of["A-003"].home.units), "it binds the next run"


@pytest.mark.reckons
def test_a_decision_kept_in_a_large_run_has_a_close_bound(browse, monkeypatch):
    import sys

    from vorort.placement.override import Override
    from vorort.placement.redo import closed
    from vorort.web.proposals import decisions, runs

    browse("belegung")
    run()
    monkeypatch.setattr(sys.modules["vorort.placement.redo"], "LARGE", -1)
    found = seen()
    name = next(a.party for a in found.plan.assigned if a.home and found.household(a.party))
    declined = Override("decline", name, reason="other", consequence="waits")
    told = decisions.redone(found, declined, is_asked=True)
    assert told.is_bound_loose
    decisions.store(found.user, uuid.uuid4(), found, declined, "", has_agreed=True)
    new = runs.newest()
    assert new != found.run and new.objective == told.plan.objective
    assert new.objective <= new.bound == closed(told).bound < told.plan.bound


@pytest.mark.reckons
def test_a_decision_the_solver_finds_no_plan_for_is_refused_in_words(browse, monkeypatch):
    from vorort.placement.highs import SolverFailed
    from vorort.web.accounts.models import Act
    from vorort.web.proposals import decisions

    def stopped(*_, **__):
        raise SolverFailed("at its limit")

    client, row = browse("belegung"), run()
    before = Act.objects.count()
    monkeypatch.setattr(decisions, "redo", stopped)
    for more in ({}, {"store": "1"}):
        told = post(client, row, "A-003", "anders", kind="forbid", **more)
        text = told.content.decode()
        assert told.status_code == 409 and "kein Vorschlag gefunden" in text
        assert "Einen anderen Platz wählen" in text
    assert Act.objects.count() == before


@pytest.mark.reckons
def test_two_households_swap_and_a_lock_is_lifted_again(browse):
    from vorort.web.proposals import runs
    from vorort.web.proposals.models import Lock

    client = browse("belegung")
    row = run()
    old = runs.plan_of(row).of
    one, other = "H-0857", "H-0858"
    sent = {"kind": "swap", "other": other, "store": "1"}
    assert post(client, row, one, "anders", **sent).status_code == 302
    new = runs.plan_of(runs.newest()).of
    assert new[one].home.units == old[other].home.units
    assert new[other].home.units == old[one].home.units
    mine = Lock.objects.filter(kind="lock", household__key__in=(one, other))
    assert mine.count() == 2
    row = runs.newest()
    assert post(client, row, one, "anders", kind="free", store="1").status_code == 302
    assert {x.household.key for x in mine.all()} == {other}


def test_declining_frees_the_place_at_once_and_ends_by_itself(browse):
    from datetime import timedelta

    from vorort.web.placing.models import Stay
    from vorort.web.proposals import bridge, runs
    from vorort.web.proposals.models import Decline

    client = browse("belegung")
    row = run()
    home = registered(client)
    units = seen().line("A-003").home.units
    assert post(client, row, "A-003", "bestaetigen").status_code == 302
    without = post(client, row, "A-003", "anders", kind="decline", reason="")
    assert without.status_code == 409, "a reason is needed"
    sent = {
        "kind": "decline",
        "reason": "too_far",
        "consequence": "offer",
        "note": "Kita im Norden",
    }
    preview = post(client, row, "A-003", "anders", **sent)
    assert preview.status_code == 200 and not Decline.objects.exists()
    assert post(client, row, "A-003", "anders", store="1", **sent).status_code == 302
    stays = Stay.objects.filter(person__membership__household=home, domain="accommodation")
    assert {s.status for s in stays} == {"cancelled"}
    new = runs.plan_of(runs.newest()).of["A-003"].home
    assert new is not None and not set(new.units) & set(units), "another proposal in this run"

    def barred():
        return {x.unit for x in bridge.files().locks if x.household in ("A-003", home.key)}

    assert barred() == set(units)
    Decline.objects.update(on=TODAY - timedelta(days=28))
    assert not barred(), "nobody is barred for life"


def test_a_place_taken_meanwhile_is_struck_out_and_the_others_stay(browse):
    client = browse("belegung")
    run()
    line = seen().line("H-0857")
    sent = {"frauen": line.party.size, "units": " ".join(u.key for u in line.units),
            "expires": "2026-11-25", "key": str(uuid.uuid4())}  # fmt: skip
    others = [k for k, one in seen().plan.of.items()
              if one.home and not set(one.home.units) & {u.key for u in line.units}]  # fmt: skip
    assert len(others) > 5
    assert client.post("/vergabe/nacht/vormerken/", sent).status_code == 302
    text = client.get("/vergabe/").content.decode()
    assert seen().line("H-0857").state == "gone" and "nicht mehr frei" in text
    assert f"<s>{line.name}</s>" in text
    assert {seen().line(k).state for k in others} == {"open"}


def test_who_lives_in_a_hotel_moves_by_one_act_when_the_proposal_is_confirmed(browse):
    from vorort.web.accounts.models import Act
    from vorort.web.placing.models import Stay

    client = browse("belegung")
    row = run()
    line = seen().line("H-0858")
    assert line.party.now and line.state == "open"
    before, key = Act.objects.count(), str(uuid.uuid4())
    for _ in range(2):
        assert post(client, row, "H-0858", "bestaetigen", key=key).status_code == 302
    assert Act.objects.count() == before + 1
    assert Act.objects.order_by("-id").first().kind == "transfer"
    stays = Stay.objects.filter(person__membership__household__key="H-0858", until__isnull=True)
    there = {s.unit.key for s in stays if s.domain == "accommodation"}
    assert there <= {u.key for u in line.units} | set(line.party.now)
    assert seen().line("H-0858").state in ("confirmed", "moved_in")


@pytest.mark.reckons
def test_who_has_been_confirmed_is_not_proposed_again_unless_the_place_is_lost(browse):
    from vorort.web.placing.models import Stay
    from vorort.web.proposals import runs
    from vorort.web.proposals.models import OpenNeed
    from vorort.web.proposals.problems import register

    client = browse("belegung")
    row = run()
    assert post(client, row, "H-0859", "bestaetigen").status_code == 302
    new = run()
    assert "H-0859" not in runs.plan_of(new).of, "asked for by the folder, and answered"
    assert new.pk != row.pk and "H-0858" in runs.plan_of(new).of
    stays = Stay.objects.filter(person__membership__household__key="H-0859",
                                domain="accommodation", status="confirmed")  # fmt: skip
    assert stays.update(status="cancelled") == 2
    forget()
    party = register().week.party["H-0859"]
    assert party.asks_home and party.since == date(2026, 10, 19), "with the dates it had"
    stays = Stay.objects.filter(person__membership__household__key="H-0859",
                                domain="accommodation", status="cancelled")  # fmt: skip
    stays.update(status="confirmed")
    OpenNeed.objects.filter(household__key="H-0859", domain="accommodation").delete()
    sent = {"domain": "accommodation", "since": "2026-11-23", "key": str(uuid.uuid4())}
    assert client.post("/haushalte/H-0859/vergabe/open/", sent).status_code == 302
    assert register().week.party["H-0859"].asks_home, "somebody has asked anew since"


@pytest.mark.reckons
def test_an_announced_household_that_has_come_asks_once_and_by_its_number(browse):
    from vorort.web.proposals import bridge
    from vorort.web.proposals.models import Lock, OpenNeed
    from vorort.web.proposals.problems import register
    from vorort.web.town.models import Announcement, Unit

    coming = Announcement.objects.get(key="A-003")
    OpenNeed.objects.filter(announced=coming, domain="accommodation").update(
        due=date(2026, 11, 27), since=date(2026, 11, 1)
    )
    unit = Unit.objects.get(key="GU-BAH-031")
    Lock.objects.create(announced=coming, unit=unit, kind="forbid", reason="Treppe")
    home = registered(browse("belegung"))
    forget()
    asking = {p.id: p for p in register().week.parties if p.asks_home}
    assert "A-003" not in asking and asking[home.key].due == date(2026, 11, 27)
    assert asking[home.key].since == date(2026, 11, 1)
    assert [x.household for x in bridge.files().locks if x.unit == "GU-BAH-031"] == [home.key]


@pytest.mark.reckons
def test_a_plan_never_tells_where_a_protected_household_goes(browse):
    """Every page of the plan, for every role that sees it, with a protected household in it."""
    from vorort.web.intake.models import Household
    from vorort.web.proposals import runs
    from vorort.web.proposals.models import OpenNeed

    client = browse("schutz")
    home = registered(client)
    Household.objects.filter(pk=home.pk).update(protected=True, announced_id=None)
    OpenNeed.objects.create(household=home, domain="accommodation")
    forget()
    row = run()
    goes = runs.plan_of(row).of[home.key]
    assert goes.home is not None
    mine = {k for k, one in runs.plan_of(row).of.items() if one.home and k != home.key}
    for role in ("belegung", "schutz"):
        client = browse(role)
        pages = ["/vergabe/"]
        if role == "belegung":  # whoever may not see it must not see it anywhere
            pages += [f"/vergabe/?haushalt={k}&antwort={a}" for k in sorted(mine)
                      for a in ("possible", "full")]  # fmt: skip
        text = "".join(client.get(p).content.decode() for p in pages)
        for k in sorted(mine)[:2]:
            sent = {"kind": "lock", "units": " ".join(goes.home.units)}
            text += post(client, row, k, "anders", **sent).content.decode()
        text += client.get("/heute/").content.decode() if role == "belegung" else ""
        assert (home.key in text) == (role == "schutz"), role
        one = client.get(f"/vergabe/?haushalt={home.key}")
        assert one.status_code == (200 if role == "schutz" else 404)
        for what in ("bestaetigen", "anfragen", "anders"):
            answer = post(client, row, home.key, what, kind="lock")
            assert answer.status_code != 404 if role == "schutz" else answer.status_code == 404


def test_seats_of_other_offices_become_requests_once(browse):
    from vorort.web.proposals import present
    from vorort.web.proposals.problems import register
    from vorort.web.requests.models import Request

    client = browse("belegung")
    row = run()
    key = str(uuid.uuid4())
    granted = [g for g in seen().plan.seats if g.unit and g.party in seen().shown]
    key_of = next(g.party for g in granted if seen().household(g.party))
    wanted = [g for g in granted if g.party == key_of]
    for _ in range(2):
        assert post(client, row, key_of, "anfragen", key=key).status_code == 302
    assert {r.person.key for r in Request.objects.all()} == {g.need.person for g in wanted}
    assert Request.objects.count() == len(wanted)
    assert post(client, row, key_of, "anfragen").status_code == 409, "asked already"
    people = {g.need.person for g in wanted}
    assert people <= {n.person for p in seen().plan.problem.parties for n in p.seats}
    forget()
    again = {n.person for p in register().week.parties for n in p.seats}
    assert not people & again, "nobody is proposed a seat while another office is asked for it"
    before = {s.unit: s.left for s in seen().plan.problem.seats}
    for seat in register().week.seats:
        asked = sum(g.unit == seat.unit for g in wanted)
        assert seat.left == before.get(seat.unit, seat.left) - asked, "and it is off what is left"
    tonight = {s.unit: s.left for s in present.present().problem.seats}
    assert all(tonight[s.unit] == s.left for s in register().week.seats), "tonight as well"
    Request.objects.update(status="refused")
    forget()
    assert people <= {n.person for p in register().week.parties for n in p.seats}
    Request.objects.update(status="open")
    forget()
    other = {g.need.person for g in granted} - people
    assert other <= again, "all others still are"


def announced_seat(domain="childcare"):
    """The announced A-003: a course for the mother of 29, childcare for the child of 1; a run."""
    from vorort.web.proposals.models import OpenNeed
    from vorort.web.town.models import Announcement

    coming = Announcement.objects.get(key="A-003")
    OpenNeed.objects.create(announced=coming, domain=domain, since=TODAY)
    OpenNeed.objects.create(announced=coming, domain="accommodation", since=TODAY)
    forget()
    row = run()
    granted = {g.need.domain: g for g in seen().plan.seats if g.party == "A-003" and g.unit}
    assert {d: g.need.person for d, g in granted.items()} == {
        "childcare": "A-003.2", "language": "A-003.1"
    }  # fmt: skip
    return row, {d: g.unit for d, g in granted.items()}


@pytest.mark.reckons
def test_a_seat_of_somebody_only_announced_is_asked_for_once_they_are_on_record(browse):
    from vorort.web.requests.models import Request

    client = browse("belegung")
    row, seats = announced_seat()
    assert "bei anderen Stellen" not in client.get("/vergabe/?haushalt=A-003").content.decode()
    assert post(client, row, "A-003", "anfragen").status_code == 409, "nobody is on record"
    home = registered(client)
    page = client.get("/vergabe/?haushalt=A-003").content.decode()
    assert "2 Plätze bei anderen Stellen anfragen" in page
    answer = post(client, row, "A-003", "anfragen")
    assert answer.status_code == 302
    asked = {r.domain: (r.person.born, r.unit.key) for r in Request.objects.all()}
    assert asked == {
        "childcare": ("2025", seats["childcare"]), "language": ("1990", seats["language"]),
    }  # fmt: skip
    assert set(Request.objects.values_list("person__membership__household", flat=True)) == {home.pk}
    assert "bei anderen Stellen" not in client.get("/vergabe/?haushalt=A-003").content.decode()
    assert post(client, row, "A-003", "anfragen").status_code == 409, "asked already"


@pytest.mark.reckons
def test_a_seat_is_asked_for_nobody_of_another_age_than_it_is_for(browse):
    from vorort.web.intake.models import Person
    from vorort.web.requests.models import Request

    client = browse("belegung")
    row, _ = announced_seat()
    home = registered(client)
    Person.objects.filter(membership__household=home, born="2025").update(born="2016")
    forget()
    page = client.get("/vergabe/?haushalt=A-003").content.decode()
    assert "1 vorgeschlagener Platz passt zu niemandem" in page
    answer = post(client, row, "A-003", "anfragen")
    assert answer.status_code == 302
    assert list(Request.objects.values_list("domain", flat=True)) == ["language"]
    Person.objects.filter(membership__household=home).update(born="2016")
    Request.objects.all().delete()
    forget()
    answer = post(client, row, "A-003", "anfragen")
    assert answer.status_code == 409 and "anderes Alter" in answer.content.decode()
    assert not Request.objects.exists()


@pytest.mark.reckons
def test_who_was_announced_and_came_protected_is_in_no_plan_of_who_may_not_see_them(browse):
    from vorort.web.intake.models import Household

    row, _ = announced_seat()
    home = registered(browse("schutz"))
    Household.objects.filter(pk=home.pk).update(protected=True)
    forget()
    for role in ("belegung", "schutz"):
        client = browse(role)
        text = client.get("/vergabe/").content.decode()
        assert ("A-003" in text) == (role == "schutz"), role
        assert home.key not in text or role == "schutz"
        answer = client.get("/vergabe/?haushalt=A-003")
        assert answer.status_code == (200 if role == "schutz" else 404)
        asks = post(client, row, "A-003", "anfragen").status_code
        assert asks == (302 if role == "schutz" else 404)


@pytest.mark.reckons
def test_who_was_announced_and_registered_twice_stands_in_the_plan_under_the_number_that_counts(
    browse,
):
    from vorort.web.accounts.models import User
    from vorort.web.intake import merging
    from vorort.web.intake.models import Household, Person
    from vorort.web.proposals.waiting import waiting

    client, clerk = browse("belegung"), User.objects.get(username="belegung")
    run()
    gone = registered(client)
    kept = registered(client, announcement="")
    mine, theirs = (
        list(Person.objects.filter(membership__household=h).order_by("number"))
        for h in (kept, gone)
    )  # fmt: skip
    for one, other in zip(mine, theirs, strict=True):
        merging.merge(clerk, uuid.uuid4(), one, other)
    forget()
    assert seen().household("A-003") == kept.key and "A-003" in seen().shown
    assert Household.objects.get(pk=kept.pk).announced_id == "A-003"
    assert any("A-003" in line for line in waiting(clerk)), "it waits for its decision as before"
    page = client.get("/vergabe/?haushalt=A-003").content.decode()
    assert "Platz bestätigen" in page and gone.key not in page


@pytest.mark.reckons
def test_a_seat_of_a_record_that_went_is_asked_for_the_person(browse):
    from vorort.web.intake.models import Person
    from vorort.web.requests.models import Request

    client = browse("belegung")
    row = run()
    party = seen().plan.problem.party
    seat = next(
        g for g in seen().plan.seats
        if g.unit and g.party.startswith("H-") and len(party[g.party].members) > 1
    )  # fmt: skip
    gone = Person.objects.get(key=seat.need.person)
    kept = Person.objects.create(number=9_000_007, key="P-kept-7", born=gone.born)
    gone.same_as = kept  # in a household that goes on
    gone.save()
    others = sum(g.party == seat.party and bool(g.unit) for g in seen().plan.seats)
    assert post(client, row, seat.party, "anfragen").status_code == 302
    assert Request.objects.filter(person=kept).count() == 1
    assert Request.objects.count() == others and not gone.requests.exists()


@pytest.mark.reckons
def test_a_rule_changes_from_a_day_on_by_an_act_and_moves_the_plan(browse):
    from vorort.web.accounts.models import Act
    from vorort.web.proposals.models import RuleEntry
    from vorort.web.proposals.problems import register

    client = browse("verwaltung")
    sent = {"part": "rules", "name": "sex", "value": "off", "from": "2026-11-23"}

    def set_rule(**more):
        return client.post("/vergabe/regeln/aendern/", {"key": str(uuid.uuid4()), **sent, **more})

    assert set_rule(**{"from": "2026-11-22"}).status_code == 409, "never for the past"
    assert set_rule(name="fit").status_code == 409, "places have to suffice"
    assert set_rule(part="weights", name="distance", value="5000").status_code == 409
    assert set_rule(name="nothing").status_code == 409
    assert not RuleEntry.objects.filter(act__isnull=False).exists()
    assert set_rule(**{"from": "2026-12-01"}).status_code == 302
    assert register().week.rulebook.is_on("sex")
    assert set_rule().status_code == 302
    assert not register().week.rulebook.is_on("sex")
    assert Act.objects.filter(kind="rule_change").count() == 2
    order = {
        f"place-{n}": i
        for i, n in enumerate(
            ("thrift", "protection", "deadline", "siblings", "distance", "wishes", "stability"), 1
        )
    }
    first = {"key": str(uuid.uuid4()), "part": "order", "from": "2026-11-23", **order}
    assert client.post("/vergabe/regeln/aendern/", first).status_code == 302
    weights = register().week.rulebook.weights
    assert max(weights, key=lambda n: weights[n]) == "thrift"
    text = client.get("/vergabe/regeln/").content.decode()
    assert "2 von" in text and "Regeln sind ausgeschaltet" in text


@pytest.mark.reckons
def test_a_floor_is_set_from_a_day_on_and_counts_in_every_run_and_in_the_folder(browse, tmp_path):
    from vorort.placement.front import problem_of_folder
    from vorort.placement.kept import floors_of
    from vorort.web import register as web
    from vorort.web.proposals.problems import register

    client = browse("verwaltung")
    sent = {"part": "floors", "name": "size.5+", "from": "2026-11-23"}

    def set_floor(**more):
        return client.post("/vergabe/regeln/aendern/", {"key": str(uuid.uuid4()), **sent, **more})

    assert "Keine Untergrenze ist gesetzt" in client.get("/vergabe/regeln/").content.decode()
    for wrong in ({"value": "150"}, {"value": "x"}, {"value": "90", "name": "size.tall"},
                  {"value": "90", "from": "2026-11-22"}):  # fmt: skip
        assert set_floor(**wrong).status_code == 409
    assert set_floor(value="100").status_code == 302
    assert set_floor(value="0", **{"from": "2027-01-01"}).status_code == 302
    text = client.get("/vergabe/regeln/").content.decode()
    assert "Größe: 5 und mehr Personen" in text and "100&nbsp;%" in text
    assert register().week.rulebook.floors == {"size.5+": 1000}
    web.dump(tmp_path / "town")
    assert problem_of_folder(tmp_path / "town") == register().week
    run()
    plan = seen("belegung").plan
    assert [f.key for f in floors_of(plan)] == ["size.5+"]
    text = browse("belegung").get("/vergabe/").content.decode()
    assert "Untergrenze 100 % (Größe: 5 und mehr Personen)" in text


@pytest.mark.reckons
def test_the_fairness_sheet_adds_up_to_the_plan_and_describes_no_small_group(browse):
    from vorort.placement.fairness import SMALL
    from vorort.web.proposals import sheet

    client = browse("belegung")
    row = run()
    page = client.get(f"/vergabe/{row.pk}/ausgleich/")
    text = page.content.decode()
    assert f'href="/vergabe/{row.pk}/ausgleich/"' in client.get("/vergabe/").content.decode()
    plan, found = seen().plan, sheet.sheet(seen())
    asking = [plan.problem.party[k] for k in plan.of]
    for part in found.parts:
        assert part.text.de in text
        for group in part.groups:
            assert group.households >= SMALL and group.label.de in text
        if part.is_sum:
            assert part.total["households"] == len(asking) == found.households
            assert part.total["people"] == sum(p.size for p in asking)
            assert part.total["placed"] == sum(one.home is not None for one in plan.of.values())
            assert part.total["seats_asked"] == sum(len(p.seats) for p in asking)
    assert {p.name for p in found.parts} == {"kind", "size", "sex", "need", "urgency"}
    assert not any(k in text for k in plan.of), "nobody is named"


@pytest.mark.reckons
def test_a_floor_is_asked_for_a_group_of_the_page_and_says_what_it_costs(browse):
    from vorort.placement.floors import floored
    from vorort.web.proposals import sheet

    client = browse("belegung")
    row = run()
    found = sheet.sheet(seen())
    size = next(p for p in found.parts if p.name == "size")
    for group in size.groups:
        sent = {"boden": f"size:{group.name}", "anteil": "1000"}
        text = client.get(f"/vergabe/{row.pk}/ausgleich/", sent).content.decode()
        answer = floored(seen().plan, "size", group.name, 1000)
        assert answer.words.de in text
        assert "am Vorschlag ändert sich nichts" in text
    for boden, anteil in (("size:1", "1000"), ("kind:nobody", "900"), ("size:1,2", "1")):
        page = client.get(f"/vergabe/{row.pk}/ausgleich/", {"boden": boden, "anteil": anteil})
        assert page.status_code == 409 and "gibt es nicht" in page.content.decode(), boden


@pytest.mark.reckons
def test_a_floor_in_a_small_run_is_solved_once(browse, monkeypatch):
    from vorort.placement.floors import floored
    from vorort.placement.highs import SolverFailed
    from vorort.web.proposals import floors, sheet

    client, row, asked = browse("belegung"), run(), []

    def answered(*case):
        asked.append(case)
        return floored(*case)

    monkeypatch.setattr(floors, "floored", answered)
    group = next(p for p in sheet.sheet(seen()).parts if p.name == "size").groups[0].name
    sent = {"boden": f"size:{group}", "anteil": "1000"}
    for _ in range(2):
        assert client.get(f"/vergabe/{row.pk}/ausgleich/", sent).status_code == 200
    assert len(asked) == 1, "what was asked before is not solved again"
    client.get(f"/vergabe/{row.pk}/ausgleich/", sent | {"anteil": "900"})
    assert len(asked) == 2

    def fails(*_):
        raise SolverFailed("HiGHS ended with: Unknown")

    monkeypatch.setattr(floors, "floored", fails)
    page = client.get(f"/vergabe/{row.pk}/ausgleich/", sent | {"anteil": "800"})
    assert page.status_code == 409 and "keine Antwort gefunden" in page.content.decode()


def work():
    from django.core.management import call_command

    call_command("db_worker", batch=True, interval=1, startup_delay=False)


@pytest.fixture
def large(monkeypatch):
    """Every run is one too large to be asked while somebody waits for a page."""
    from vorort.web.proposals import floors

    monkeypatch.setattr(floors, "is_quick", lambda plan: False)
    return floors


def question(row):
    from vorort.web.proposals import sheet

    size = next(p for p in sheet.sheet(seen()).parts if p.name == "size")
    sent = {"boden": f"size:{size.groups[0].name}", "anteil": "1000"}
    return f"/vergabe/{row.pk}/ausgleich/", sent, size.groups[0].name


def losing(monkeypatch, floors, key):
    """As if a floor cost one household its proposal."""
    from dataclasses import replace

    from vorort.placement.floors import floored
    from vorort.vocabulary import Text

    def answered(plan, *case):
        without = replace(plan, assigned=tuple(
            replace(a, home=None, start=None) if a.party == key else a for a in plan.assigned
        ))  # fmt: skip
        told = Text("kostet 3,0 bis 5,0 Punkte weniger", "costs 3.0 to 5.0 points fewer")
        return replace(floored(plan, *case), plan=without, is_exact=False, words=told)

    monkeypatch.setattr(floors, "floored", answered)


@pytest.mark.reckons
def test_a_floor_in_a_large_run_is_answered_by_the_worker_and_stays_with_the_run(
    browse, large, monkeypatch
):
    from vorort.web.proposals.models import FloorCost

    client, row = browse("belegung"), run()
    address, sent, _ = question(row)
    lost = next(a.party for a in seen().plan.assigned if a.home and a.party in seen().shown)
    losing(monkeypatch, large, lost)
    assert "Noch nicht gerechnet" in client.get(address, sent).content.decode()
    for _ in range(2):
        answer = client.post(f"{address}rechnen/", sent)
        assert answer.status_code == 302 and answer.url.endswith("anteil=1000#boden")
    assert FloorCost.objects.count() == 1, "the same question waits once"
    other = sent | {"anteil": "900"}
    client.post(f"{address}rechnen/", other)
    assert FloorCost.objects.count() == 2, "another one waits beside it"
    page = client.get(address, sent).content.decode()
    assert "Wartet auf den Hintergrunddienst" in page and "Jetzt nachsehen" in page
    news = client.get(address, sent | {"war": "queued"}).content.decode()
    assert "<table" not in news and 'id="lauf-zahlen"' in news, "the work alone"
    work()
    assert set(FloorCost.objects.values_list("state", flat=True)) == {"done"}

    def solved_again(*_):
        raise AssertionError("what is kept is not solved again")

    monkeypatch.setattr(large, "floored", solved_again)
    large._ANSWERS.clear()  # as in another process, or after a restart
    for reader in (client, browse("schutz")):
        text = reader.get(address, sent).content.decode()
        assert "kostet 3,0 bis 5,0 Punkte weniger" in text and "nachsehen" not in text
        assert f">{lost}</a>" in text.split("gefunden wurde")[1]
    client.post(f"{address}rechnen/", sent)
    assert FloorCost.objects.count() == 2, "answered already"
    over = client.get(address, sent | {"war": "running"}).content.decode()
    assert "Ergebnis ansehen" in over
    wrong = client.post(f"{address}rechnen/", {"boden": "size:1", "anteil": "3"})
    assert client.get(wrong.url).status_code == 409 and FloorCost.objects.count() == 2


@pytest.mark.reckons
def test_the_worker_says_what_the_page_of_a_small_run_says(browse, large):
    from vorort.placement.floors import floored
    from vorort.web.proposals.models import FloorCost

    client, row = browse("belegung"), run()
    address, sent, group = question(row)
    client.post(f"{address}rechnen/", sent)
    work()
    answer, kept = floored(seen().plan, "size", group, 1000, seen().shown), FloorCost.objects.get()
    assert (kept.words_de, kept.words_en) == (answer.words.de, answer.words.en)
    assert (kept.has_plan, kept.is_exact) == (answer.plan is not None, answer.is_exact)


@pytest.mark.reckons
def test_a_stored_floor_tells_nobody_of_a_household_they_may_not_see(browse, large, monkeypatch):
    from vorort.web.intake.models import Household
    from vorort.web.proposals.models import FloorCost, FloorLoss, OpenNeed

    home = registered(browse("schutz"))
    Household.objects.filter(pk=home.pk).update(protected=True, announced_id=None)
    OpenNeed.objects.create(household=home, domain="accommodation")
    forget()
    row = run()
    assert seen("schutz").plan.of[home.key].home
    address, sent, _ = question(row)
    losing(monkeypatch, large, home.key)
    browse("schutz").post(f"{address}rechnen/", sent)
    asked = FloorCost.objects.get()
    text = browse("belegung").get(address, sent).content.decode()
    assert "Noch nicht gerechnet" in text, "who sees fewer households asks another question"
    assert browse("belegung").post(f"{address}{asked.pk}/abbrechen/").status_code == 404
    browse("belegung").post(f"{address}rechnen/", sent)
    work()
    assert FloorCost.objects.filter(state="done").count() == 2
    assert f">{home.key}</a>" in browse("schutz").get(address, sent).content.decode()
    text = browse("belegung").get(address, sent).content.decode()
    assert home.key not in text and "1 weitere, die Ihre Rolle nicht sieht" in text
    for member in home.membership_set.all():
        member.person.delete()
    home.delete()
    assert not FloorLoss.objects.exists(), "it dies with the household"
    text = browse("schutz").get(address, sent).content.decode()
    assert "kostet 3,0 bis" not in text, "of what is left of the input it is asked anew"


@pytest.mark.reckons
def test_a_floor_is_stopped_without_half_an_answer_and_a_failure_names_nobody(
    browse, large, monkeypatch
):
    from vorort.placement.highs import SolverFailed
    from vorort.web import running
    from vorort.web.proposals.models import FloorCost

    client, row = browse("belegung"), run()
    address, sent, _ = question(row)
    client.post(f"{address}rechnen/", sent)
    asked = FloorCost.objects.get()
    monkeypatch.setattr(running, "EACH", timedelta(0))

    def stopped(plan, sheet, name, permille, among, progress):
        progress(1, 5)
        asked.refresh_from_db()
        assert (asked.state, asked.done, asked.total) == ("running", 1, 5)
        client.post(f"{address}{asked.pk}/abbrechen/")
        assert "Wird abgebrochen" in client.get(address, sent).content.decode()
        progress(2, 5)
        raise AssertionError("went on")

    monkeypatch.setattr(large, "floored", stopped)
    work()
    asked.refresh_from_db()
    assert (asked.state, asked.words_de, asked.losses.count()) == ("cancelled", "", 0)
    assert "Abgebrochen" in client.get(address, sent).content.decode()

    def fails(*_):
        raise SolverFailed(f"H-0012 {row.pk}")

    monkeypatch.setattr(large, "floored", fails)
    client.post(f"{address}rechnen/", sent)
    work()
    page = client.get(address, sent)
    assert page.status_code == 409 and "keine Antwort gefunden" in page.content.decode()
    assert FloorCost.objects.latest("id").why == "SolverFailed"


@pytest.mark.reckons
def test_a_small_run_has_no_fairness_sheet(browse):
    from vorort.web.proposals.models import OpenNeed
    from vorort.web.town.models import Announcement

    client = browse("belegung")
    first = run()
    for key in list(seen().plan.of)[3:]:
        about = {"announced": Announcement.objects.filter(key=key).first()}
        if about["announced"] is None:
            from vorort.web.intake.models import Household

            about = {"household": Household.objects.get(key=key)}
        OpenNeed.objects.create(domain="accommodation", is_left_out=True, **about)
    forget()
    row = run()
    assert first.pk != row.pk and 0 < len(seen().plan.of) < 5
    text = client.get(f"/vergabe/{row.pk}/ausgleich/").content.decode()
    assert "weniger als 5" in text and "<table" not in text


@pytest.mark.reckons
def test_a_hidden_household_is_not_counted_in_the_sheet_of_who_may_not_see_it(browse):
    from vorort.web.intake.models import Household
    from vorort.web.proposals import sheet
    from vorort.web.proposals.models import OpenNeed

    client = browse("schutz")
    home = registered(client)
    Household.objects.filter(pk=home.pk).update(protected=True, announced_id=None)
    OpenNeed.objects.create(household=home, domain="accommodation")
    forget()
    before = run()
    counts = {role: sheet.sheet(seen(role)) for role in ("belegung", "schutz")}
    assert counts["schutz"].households == counts["belegung"].households + 1
    for role, found in counts.items():
        for part in found.parts:
            assert not part.is_sum or part.total["households"] == found.households, role
    client.post(f"/vergabe/{before.pk}/{home.key}/anders/", {
        "key": str(uuid.uuid4()), "kind": "forbid", "store": "1"})  # fmt: skip
    totals = {role: week_of(role).placed for role in counts}
    assert sum(totals["schutz"].values()) == sum(totals["belegung"].values()) + 2
    for role in ("belegung", "schutz"):
        text = browse(role).get("/vergabe/vergleich/").content.decode()
        assert (home.key in text) == (role == "schutz"), role


@pytest.mark.reckons
def test_two_runs_are_compared_in_input_and_result_and_one_with_itself_is_the_same(browse):
    client = browse("belegung")
    first = run()
    assert "zwei fertige Läufe" in client.get("/vergabe/vergleich/").content.decode()
    same = client.get(f"/vergabe/vergleich/?eins={first.pk}&zwei={first.pk}").content.decode()
    assert "Alle Haushalte haben denselben Vorschlag" in same
    assert "Die Eingabe beider Läufe ist dieselbe" in same and "#grund" not in same
    units = seen().line("H-0858").home.units
    post(client, first, "H-0858", "anders", kind="forbid", store="1")
    text = client.get("/vergabe/vergleich/").content.decode()
    assert "H-0858" in text and "neue Festlegung von Hand" in text
    assert f"H-0858 nicht in {units[0]}" in text and "Festlegungen von Hand" in text
    assert "/vergabe/vergleich/?zwei=" in client.get("/vergabe/").content.decode()


@pytest.mark.reckons
def test_a_rule_switched_off_is_told_and_the_values_are_not_compared(browse):
    client = browse("verwaltung")
    run()
    sent = {"part": "rules", "name": "sex", "value": "off", "from": "2026-11-23"}
    client.post("/vergabe/regeln/aendern/", {"key": str(uuid.uuid4()), **sent})
    forget()
    run()
    text = browse("belegung").get("/vergabe/vergleich/").content.decode()
    assert "gilt → aus" in text
    assert "lassen sich nicht miteinander vergleichen" in text


def an_outlook(start=TODAY, **classes):
    """The result of an outlook as its page keeps it; per class a number in each of 20 draws."""
    from django.utils import timezone

    from vorort.web.outlook.models import Run

    rows = [
        {"size": int(name[1]), "access": name[0] == "a", "draws": [count] * 20}
        for name, count in {"a5": 0, "p2": 0, **classes}.items()
    ]
    result = {
        "horizon": {"start": start.isoformat()},
        "expected_households": {"days": 28, "classes": rows},
    }
    Run.objects.create(at=timezone.now(), draws=20, state="done", result=json.dumps(result))
    return result


@pytest.mark.reckons
def test_without_an_outlook_the_page_says_how_to_get_one(browse):
    client = browse("belegung")
    run()
    text = client.get("/vergabe/").content.decode()
    assert "Es gibt noch keinen Ausblick" in text and 'href="/ausblick/"' in text
    an_outlook(date(2026, 11, 1), a5=9)
    run()
    assert "Der letzte Ausblick ist vom 01.11.2026" in client.get("/vergabe/").content.decode()
    an_outlook()
    run()
    text = client.get("/vergabe/").content.decode()
    assert "reichen die seltenen Einheiten" in text


@pytest.mark.reckons
def test_a_unit_held_back_is_shown_with_reason_end_cost_and_replay(browse, tmp_path):
    """The same as `vorort place --outlook`; it can be repeated, and a decision carries it on."""
    from vorort.placement import place
    from vorort.placement.front import week_of_folder
    from vorort.web import register as web
    from vorort.web.proposals import runs, snapshot

    client = browse("belegung")
    result = an_outlook(a5=3)
    row = run()
    plan = seen().plan
    assert plan.problem.held_back, "step-free units of five are rare here"
    text = client.get("/vergabe/").content.decode()
    for held in plan.problem.held_back:
        assert held.unit in text and held.reason.de in text
        assert held.until == date(2026, 12, 21)
    kept = json.loads(row.placed)["reserve"]
    assert kept["cost"]["de"] in text and kept["replay"]["de"] in text
    assert "bleibt frei" in text or "trotzdem" in text
    assert place(snapshot.problem_of(row)).objective == row.objective
    web.dump(tmp_path / "town")
    (tmp_path / "outlook.json").write_text(json.dumps(result))
    problem, _ = week_of_folder(tmp_path / "town", 1, tmp_path / "outlook.json")
    assert problem == plan.problem
    assert_same(plan, place(problem))
    post(client, row, "H-0858", "anders", kind="forbid", store="1")
    assert runs.newest().after_id == row.pk
    assert f"gerechnet in Lauf {row.pk}" in client.get("/vergabe/").content.decode()


@pytest.mark.reckons
def test_tonight_knows_what_is_held_back_until_it_ends(browse):
    from vorort.web.proposals.present import present

    an_outlook(a5=3)
    assert not present().problem.held_back
    run()
    held = present().problem.held_back
    assert held == seen().plan.problem.held_back != ()
    unit = held[0].unit
    homes = present().homes
    assert (homes.price[homes.rows_of[unit]] >= held[0].points).all()


@pytest.mark.reckons
def test_a_unit_of_a_shelter_is_not_named_among_those_held_back(browse):
    from vorort.web.town.models import Unit

    an_outlook(a5=3)
    run()
    unit = seen().plan.problem.held_back[0].unit
    site = Unit.objects.get(key=unit).facility
    site.address_protected = True
    site.save()
    forget()
    rows = {role: [u.unit.key for g in week_of(role).held.groups for u in g.units]
            for role in ("belegung", "schutz")}  # fmt: skip
    assert unit in rows["schutz"] and unit not in rows["belegung"]


def week_of(role):
    from vorort.web.proposals import week

    return week.week(seen(role))


def test_a_backup_holds_letters_and_runs(browse, tmp_path):
    from vorort.web.operations import backup
    from vorort.web.proposals import models

    names = {m.__name__ for m in backup.tables()}
    assert {"Run", "RunInput", "Proposal", "Letter", "Template", "Lock", "Decline"} <= names
    for table in (models.Letter, models.Template):
        assert table._meta.get_field("content").get_internal_type() == "TextField"
