"""Registering, people, events, duplicates: written, refused, undone."""

import re
import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vorort.vocabulary import PartialDate

TODAY = date(2026, 11, 23)
MOTHER = {
    "family": "Kastan", "rows": "4", "group": "asylum", "arrived_on": "2026-11-23",
    "responsible": "sozialamt", "legal_basis": "asylum_seeker",
    "given-0": "Amira", "born-0": "12.03.1992", "sex-0": "f",
    "given-1": "Sami", "born-1": "2015", "sex-1": "m",
    "given-2": "Lina", "born-2": "6", "sex-2": "f",
    "given-3": "Adam", "born-3": "01022024", "sex-3": "m",
}  # fmt: skip


def post(client, address, fields=None, **more):
    return client.post(address, {"key": str(uuid.uuid4()), **(fields or {}), **more})


def register(client, fields=None, **more):
    answer = post(client, "/haushalte/neu/", {**MOTHER, **(fields or {})}, **more)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer.url.split("/")[2]


def people(key):
    from vorort.web.intake.models import Person

    found = Person.objects.filter(membership__household__key=key, same_as__isnull=True)
    return list(found.distinct().order_by("number"))


def test_a_mother_with_three_children_is_a_household_with_a_next_step(browse):
    from vorort.web.intake.models import Household

    client = browse("belegung")
    key = register(client)
    row = Household.objects.get(key=key)
    assert (row.kind, row.group, row.responsible) == ("lone_parent", "asylum", "sozialamt")
    assert [p.born for p in people(key)] == ["1992-03-12", "2015", "2020", "2024-02-01"]
    page = client.get(f"/haushalte/{key}/").content.decode()
    assert "Amira Kastan" in page and "Freie Einheit suchen" in page
    offers = client.get(f"/haushalte/{key}/plaetze/").content.decode()
    assert "vormerken" in offers.lower()
    assert "Kastan" not in browse("jugendamt").get("/haushalte/").content.decode()


def test_what_was_registered_stands_in_the_folder_without_names(browse, tmp_path):
    from vorort.files import read_scenario
    from vorort.web import register as web

    key = register(browse("belegung"))
    web.dump(tmp_path / "out")
    ledger = read_scenario(tmp_path / "out").ledger
    assert len(ledger.members(key, TODAY)) == 4
    assert ledger.household[key].arrived_on == TODAY
    text = "".join(p.read_text("utf-8") for p in (tmp_path / "out").iterdir())
    assert "Kastan" not in text and "Amira" not in text


def test_two_lines_more_keep_what_was_typed_and_every_complaint_comes_at_once(browse):
    from vorort.web.intake.models import Household

    client, before = browse("belegung"), Household.objects.count()
    more = post(client, "/haushalte/neu/", MOTHER, more="1").content.decode()
    assert 'name="given-5"' in more and 'value="Amira"' in more
    wrong = {**MOTHER, "born-0": "31.2.1990", "born-1": "morgen", "group": "", "arrived_on": "x"}
    answer = post(client, "/haushalte/neu/", wrong)
    assert answer.status_code == 409
    assert answer.content.decode().count('aria-invalid="true"') == 4
    assert post(client, "/haushalte/neu/", {"group": "asylum"}).status_code == 409
    assert Household.objects.count() == before


def test_only_a_size_is_known(browse):
    from vorort.web.intake.models import Household

    fields = {"group": "temporary", "size_stated": "5", "arrived_on": ""}
    answer = post(browse("belegung"), "/haushalte/neu/", fields)
    row = Household.objects.get(key=answer.url.split("/")[2])
    assert (row.kind, row.size_stated, row.arrived_on) == ("unknown", 5, None)


def test_a_child_alone_stops_here_and_the_youth_office_has_a_task(browse):
    from vorort.web.tasks.models import Task

    client = browse("belegung")
    fields = {k: "" for k in MOTHER if k[-1] in "123" or k == "family"}
    key = register(client, {**fields, "given-0": "Ivan", "born-0": "16", "sex-0": "m"})
    task = Task.objects.get(household__key=key)
    assert (task.kind, task.office.key) == ("unaccompanied_minor", "jugendamt")
    answer = post(client, f"/haushalte/{key}/vormerken/", units="GU-ZIE-001", expires="2026-11-25",
                  **{"from": "2026-11-23"})  # fmt: skip
    assert answer.status_code == 409 and "Jugendamt" in answer.content.decode()
    page = browse("jugendamt").get(f"/haushalte/{key}/")
    assert page.status_code == 200 and "kein Platz vergeben" in page.content.decode()


def test_numbers_are_never_given_twice(browse):
    from vorort.web.intake.models import Household

    client = browse("belegung")
    first = register(client)
    Household.objects.filter(key=first).delete()
    assert register(client, sure="1") != first


def test_somebody_on_record_is_shown_before_anything_is_saved(browse):
    from vorort.web.intake.models import Household

    client = browse("belegung")
    key = register(client)
    again = {**MOTHER, "family": "Qastan", "given-0": "Ameera", "born-0": "12.3.1992"}
    before = Household.objects.count()
    answer = post(client, "/haushalte/neu/", again)
    assert answer.status_code == 200 and key in answer.content.decode()
    assert Household.objects.count() == before
    assert register(client, again, sure="1") != key
    assert Household.objects.count() == before + 1


def test_a_protected_household_gives_no_hint(browse):
    from vorort.web.intake.models import Household

    key = register(browse("schutz"), protected="1")
    assert Household.objects.get(key=key).protected
    assert post(browse("belegung"), "/haushalte/neu/", MOTHER).status_code == 302
    assert key in post(browse("schutz"), "/haushalte/neu/", MOTHER).content.decode()
    found = post(browse("belegung"), "/haushalte/suche/", name="Kastan").content.decode()
    assert key not in found


def test_search_finds_every_spelling_and_no_address_holds_the_name(browse):
    client = browse("belegung")
    key = register(client, {"family": "Shevchenko"})
    page = post(client, "/haushalte/suche/", name="Шевченко").content.decode()
    assert key in page and "/haushalte/suche/?" not in page
    nothing = post(client, "/haushalte/suche/", name="Nirgends").content.decode()
    assert key not in nothing and "Niemand" in nothing


def person_address(key, n=0):
    return f"/haushalte/{key}/personen/{people(key)[n].key}/"


def test_facts_names_and_legal_bases_are_kept_with_their_history(browse):
    from vorort.web.accounts.models import ActValue
    from vorort.web.intake.models import LegalBasis

    client = browse("belegung")
    key = register(client)
    address = person_address(key)
    facts = {"born": "13.3.1992", "sex": "f", "needs_access": "1", "language": "Arabisch"}
    assert post(client, address + "facts/", facts).status_code == 302
    row = people(key)[0]
    assert (row.born, row.needs_access) == ("1992-03-13", True)
    old = ActValue.objects.get(subject=row, field="born", act__kind="person_change")
    assert (old.old, old.new) == ("1992-03-12", "1992-03-13")
    post(client, address + "name/", given="Ameera", family="Qastan")
    assert [str(n) for n in row.names.order_by("id")] == ["Amira Kastan", "Ameera Qastan"]
    post(client, address + "legal/", name="refugee_protection", start="2026-12-01", claim="1")
    bases = LegalBasis.objects.filter(person=row).order_by("id")
    assert [(b.name, b.opens_claim) for b in bases] == [
        ("asylum_seeker", False), ("refugee_protection", True),
    ]  # fmt: skip
    values = ActValue.objects.filter(act__kind="legal_add", row=bases[0].pk, field="opens_claim")
    assert [(v.old, v.new) for v in values] == [("True", "False")], (
        "the trail knows it no longer does"
    )
    post(client, address + "legal_end/", number=bases[0].pk, on="2026-12-15")
    assert LegalBasis.objects.get(pk=bases[0].pk).valid_until == date(2026, 12, 15)
    assert post(client, address + "facts/", {**facts, "born": "gestern"}).status_code == 409


def test_needs_are_seen_by_few_and_every_look_is_written_down(browse):
    from vorort.web.accounts.models import ReadLog

    schutz = browse("schutz")
    key = register(schutz)
    address = person_address(key)
    later = (TODAY + timedelta(days=90)).isoformat()
    assert post(schutz, address + "need/", code="quiet", expires=later).status_code == 302
    assert post(schutz, address + "need/", code="quiet", expires="2026-11-23").status_code == 409
    assert (
        post(browse("belegung"), address + "need/", code="quiet", expires=later).status_code == 404
    )
    ReadLog.objects.all().delete()
    assert "ruhige" not in browse("belegung").get(address).content.decode()
    assert not ReadLog.objects.exists()
    assert "ruhige Unterkunft" in schutz.get(address).content.decode()
    assert [r.purpose_code for r in ReadLog.objects.all()] == ["needs"]


def places(key):
    from vorort.web.placing.models import Stay

    rows = Stay.objects.filter(person__in=people(key), unit__isnull=False)
    return {(s.person.key, s.unit.key, s.status) for s in rows.select_related("person", "unit")}


def housed(client):
    """A registered mother with three children who has moved in, and her unit."""
    key = register(client)
    page = client.get(f"/haushalte/{key}/plaetze/").content.decode()
    offered = re.findall(r'name="units" value="([^"]+)"', page)
    unit = next(u for u in offered if u.startswith(("GU-", "CO-")))  # the Sozialamt's own
    answer = post(client, f"/haushalte/{key}/vormerken/", units=unit, expires="2026-11-25",
                  until="2027-01-31",
                  **{"from": "2026-11-23"})  # fmt: skip
    assert answer.status_code == 302, re.findall(r"<li>[^<]+", answer.content.decode())
    for step in ("bestaetigen", "einzug"):
        stays = re.findall(
            r'name="stay" value="([^"]+)"', client.get(f"/haushalte/{key}/").content.decode()
        )
        answer = post(client, f"/haushalte/{key}/{step}/", stay=stays, on="2026-11-23")
        assert answer.status_code == 302, step
    assert {s for _, _, s in places(key)} == {"moved_in"}
    return key, unit


def test_a_child_is_born_and_sleeps_where_its_mother_sleeps(browse):
    from vorort.ledger import occupancy
    from vorort.web import bridge

    client = browse("belegung")
    key, unit = housed(client)
    answer = post(client, person_address(key) + "birth/", on="2026-11-23", given="Rosa", sex="f")
    assert answer.status_code == 302
    child = people(key)[-1]
    assert (child.born, str(child.names.get())) == ("2026-11-23", "Rosa Kastan")
    assert (child.key, unit, "moved_in") in places(key)
    state = occupancy(bridge.whole_ledger(), TODAY, today=TODAY).units[unit]
    assert state.used == 5 and state.over == max(0, 5 - state.open)


def test_a_separation_makes_two_households_in_one_unit(browse):
    client = browse("belegung")
    key, _ = housed(client)
    chosen = people(key)[-1].key
    answer = post(client, f"/haushalte/{key}/trennen/", person=[chosen], on="2026-11-23",
                  reason="violence")  # fmt: skip
    assert answer.status_code == 302
    from vorort.web.intake.models import Membership

    now = Membership.objects.get(person__key=chosen, member_until__isnull=True)
    assert now.household.key != key and now.reason == "violence"
    everybody = [p.key for p in people(key)]
    assert (
        post(client, f"/haushalte/{key}/trennen/", person=everybody, on="2026-11-24").status_code
        == 409
    )


def test_who_leaves_frees_the_place_and_may_come_back(browse):
    client = browse("belegung")
    key, unit = housed(client)
    address = person_address(key, 1)
    assert post(client, address + "departure/", on="2026-11-23", reason="left").status_code == 302
    row = people(key)[1]
    assert (row.left_on, row.left_reason) == (TODAY, "left")
    assert (row.key, unit, "moved_in") not in places(key)
    assert "fort seit" in client.get(address).content.decode()
    assert post(client, address + "return/", on="2026-11-24").status_code == 302
    assert people(key)[1].left_on is None


def test_a_person_joins_another_household(browse):
    client = browse("belegung")
    one, other = (
        register(client),
        register(client, {"family": "Melnyk", "given-0": "Olena"}, sure="1"),
    )
    who = people(one)[-1]
    address = person_address(one, 3)
    assert post(client, address + "join/", household=other, on="2026-11-23").status_code == 302
    assert who in people(other)
    assert post(client, f"/haushalte/{other}/personen/{who.key}/join/", household="H-9999",
                on="2026-11-24").status_code == 409  # fmt: skip


def everything_of(person):
    """Every row that hangs on a person, as a set."""
    from vorort.web.intake.ties import OF_PERSON

    return {
        (name, pk)
        for name, (table, column) in OF_PERSON.items()
        for pk in table.objects.filter(**{column: person.pk}).values_list("pk", flat=True)
        if name != "act_value"
    }


def test_two_records_of_one_person_become_one_and_two_again(browse):
    client = browse("belegung")
    one = register(client)
    two = register(client, {"given-0": "Ameera"}, sure="1")
    kept, gone = people(one)[0], people(two)[0]
    before = everything_of(kept), everything_of(gone)
    address = f"/haushalte/{one}/personen/{kept.key}/doppelt/"
    assert gone.key in client.get(address).content.decode()
    assert post(client, address, other=gone.key).status_code == 302
    gone.refresh_from_db()
    assert gone.same_as == kept and everything_of(gone) == set()
    assert gone.key not in client.get(f"/haushalte/{two}/").content.decode()
    assert post(client, address, what="undo").status_code == 302
    gone.refresh_from_db()
    assert gone.same_as is None
    assert (everything_of(kept), everything_of(gone)) == before
    assert post(client, address, other=gone.key).status_code == 302
    facts = {"born": "1992", "sex": "f"}
    assert post(client, person_address(one) + "facts/", facts).status_code == 302
    assert post(client, address, what="undo").status_code == 409, "something was entered since"


def rows_of(*people):
    """Every row that hangs on people, with all its columns."""
    from vorort.web.intake.models import Membership, Person
    from vorort.web.intake.ties import OF_PERSON

    ids = [p.pk for p in people]
    found = [(name, *row) for name, (table, column) in OF_PERSON.items()
             for row in table.objects.filter(**{column + "__in": ids}).order_by("pk").values_list()
             ]  # fmt: skip
    found += Person.objects.filter(pk__in=ids).order_by("pk").values_list()
    return found + list(Membership.objects.filter(person__in=ids).order_by("pk").values_list())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(st.tuples(st.integers(0, 1), st.sampled_from("nlt")), max_size=8))
def test_merging_and_taking_it_back_leaves_the_same_rows(browse, facts):
    from django.db import transaction

    from vorort.web.accounts.models import User
    from vorort.web.intake import merging
    from vorort.web.intake.facts import add_legal, add_name
    from vorort.web.intake.models import Merge, Need, Person

    clerk = User.objects.get(username="schutz")
    both = list(Person.objects.filter(same_as__isnull=True, stay__isnull=True).distinct()[:2])
    with transaction.atomic():
        for who, what in facts:
            if what == "n":
                add_name(clerk, uuid.uuid4(), both[who], "Kastan", "Amira")
            elif what == "l":
                add_legal(clerk, uuid.uuid4(), [both[who]], "tolerated", TODAY, None, True)
            else:
                Need.objects.create(person=both[who], code="quiet", since=TODAY, expires=TODAY)
        before = rows_of(*both)
        merging.merge(clerk, uuid.uuid4(), *both)
        assert (rows_of(*both) != before) and not everything_of(both[1])
        merging.undo(clerk, uuid.uuid4(), Merge.objects.latest("id"))
        own = Merge.objects.latest("id")
        acts = {own.act_id, own.undone_by_id}
        after = [r for r in rows_of(*both) if not (r[0] == "act_value" and r[2] in acts)]
        assert after == before
        transaction.set_rollback(True)


def test_responsibility_changes_from_a_day_and_the_old_office_stays_in_the_trail(browse):
    from vorort.web.accounts.models import ActValue
    from vorort.web.intake.models import Household

    client = browse("belegung")
    key = register(client)
    assert browse("jugendamt").get(f"/haushalte/{key}/").status_code == 404
    address = f"/haushalte/{key}/zustaendig/"
    assert post(client, address, responsible="nirgends", on="2026-12-01").status_code == 409
    assert post(client, address, responsible="jugendamt", on="2026-12-01").status_code == 302
    row = Household.objects.get(key=key)
    assert (row.responsible, row.responsible_from) == ("jugendamt", date(2026, 12, 1))
    old = ActValue.objects.filter(act__kind="hand_over", field="responsible")
    assert {(v.old, v.new) for v in old} == {("sozialamt", "jugendamt")}
    assert browse("jugendamt").get(f"/haushalte/{key}/").status_code == 200


def test_who_only_runs_the_house_changes_no_case_and_sees_no_needs(browse):
    from vorort.web.town.models import Office, Unit

    schutz = browse("schutz")
    key, unit = housed(browse("belegung"))
    address = person_address(key)
    later = (TODAY + timedelta(days=90)).isoformat()
    assert post(schutz, address + "need/", code="quiet", expires=later).status_code == 302
    site = Unit.objects.get(key=unit).facility
    site.owner = Office.objects.get(key="jugendamt")
    site.save()
    other = browse("jugendamt")
    page = other.get(address)
    assert page.status_code == 200
    assert "ruhige" not in page.content.decode() and "Fortzug" not in page.content.decode()
    left = {"on": "2026-11-23", "reason": "left"}
    assert post(other, address + "departure/", left).status_code == 404
    assert post(other, f"/haushalte/{key}/zustaendig/", on="2026-11-23").status_code == 404


def test_two_beds_have_to_be_settled_before_two_records_become_one(browse):
    client = browse("belegung")
    one, _ = housed(client)
    page = browse("schutz")
    two = register(page, {"given-0": "Ameera"}, sure="1")
    unit = re.search(r'name="units" value="([^"]+)"',
                     client.get(f"/haushalte/{two}/plaetze/").content.decode())[1]  # fmt: skip
    post(client, f"/haushalte/{two}/vormerken/", units=unit, expires="2026-11-25",
         until="2027-01-31",
         **{"from": "2026-11-23"})  # fmt: skip
    address = f"/haushalte/{one}/personen/{people(one)[0].key}/doppelt/"
    answer = post(client, address, other=people(two)[0].key)
    assert answer.status_code == 409 and unit in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("12.3.1992", PartialDate(1992, 3, 12)), ("12031992", PartialDate(1992, 3, 12)),
        ("1992-03-12", PartialDate(1992, 3, 12)), ("3.1992", PartialDate(1992, 3)),
        ("1992", PartialDate(1992)), ("34", PartialDate(1992)),
        ("12.3.92", PartialDate(1992, 3, 12)),
        ("1.1.24", PartialDate(2024, 1, 1)), ("31.2.1990", None), ("24.11.2026", None),
        ("1850", None), ("abc", None), ("", None), ("1.2.3.4", None), ("130", None),
    ],
)  # fmt: skip
def test_dates_of_birth_are_read_as_people_write_them(typed, born):
    from vorort.web.intake.reading import born_of

    assert born_of(typed, TODAY) == born


@pytest.mark.parametrize(
    ("ages", "size", "kind"),
    [
        ([34], 0, "single"), ([34, 30], 0, "couple"), ([34, 3], 0, "lone_parent"),
        ([34, 30, 3], 0, "family"), ([40, 38, 19], 0, "family"), ([16], 0, "uam"),
        ([16, 12], 0, "uam"), ([34, None], 0, "unknown"), ([34], 3, "unknown"), ([], 5, "unknown"),
    ],
)  # fmt: skip
def test_the_kind_of_household_follows_from_ages(loaded, ages, size, kind):
    from vorort.web.intake.reading import kind_of

    assert kind_of(ages, size) == kind


def household(key):
    from vorort.web.intake.models import Household

    return Household.objects.get(key=key)


def enter(client, key, what, **fields):
    return post(client, f"/haushalte/{key}/eintragen/{what}/", fields)


def test_a_family_of_which_only_a_size_was_known_is_completed_person_by_person(browse):
    client = browse("belegung")
    empty = {n: "" for n in MOTHER if n[-2:-1] == "-"}
    key = register(client, {**empty, "size_stated": "2"})
    assert household(key).kind == "unknown" and not people(key)
    page = client.get(f"/haushalte/{key}/").content.decode()
    assert "0 von etwa 2 Personen erfasst" in page and "?was=add#was" in page
    rana = {"given": "Rana", "family": "Kastan", "born": "1990", "sex": "f", "relation": "self"}
    done = enter(client, key, "add", **rana, since="2026-11-23", language="Dari")
    assert done.status_code == 302
    wrong = enter(client, key, "add", given="Omar", born="gestern", since="2026-11-23")
    assert wrong.status_code == 409
    assert 'value="gestern"' in wrong.content.decode()
    son = enter(client, key, "add", given="Omar", born="3", since="2026-11-23")
    assert son.status_code == 302
    assert household(key).kind == "lone_parent"
    page = client.get(f"/haushalte/{key}/").content.decode()
    assert "von etwa 2 Personen" not in page
    assert "Dolmetschen: Dari" in page


def test_facts_and_wishes_of_a_household_change_and_the_old_ones_stay_in_the_trail(browse):
    from vorort.web.accounts.models import ActValue
    from vorort.web.intake.models import Wish

    client = browse("belegung")
    key = register(client)
    fields = {"group": "temporary", "kind": "lone_parent", "arrived_on": "2026-11-20"}
    assert enter(client, key, "change", **fields).status_code == 302
    assert (household(key).group, household(key).arrived_on) == ("temporary", date(2026, 11, 20))
    old = ActValue.objects.filter(field="group", act__kind="household_change")
    assert {(v.old, v.new) for v in old} == {("asylum", "temporary")} and old.count() == 4
    assert enter(client, key, "wish").status_code == 409, "an empty wish is none"
    assert enter(client, key, "wish", district="mitte", near="Grundschule").status_code == 302
    page = client.get(f"/haushalte/{key}/").content.decode()
    assert "in der Nähe von Grundschule" in page
    (near,) = Wish.objects.filter(household__key=key, kind="near")
    assert enter(client, key, "unwish", number=near.pk).status_code == 302
    assert [w.kind for w in Wish.objects.filter(household__key=key)] == ["district"]


def test_a_protected_household_is_made_so_by_the_named_role_only(browse):
    client, schutz = browse("belegung"), browse("schutz")
    key = register(client)
    fields = {"group": "asylum", "kind": "lone_parent", "arrived_on": "2026-11-23"}
    enter(client, key, "change", **fields, protected="1")
    assert not household(key).protected
    assert enter(schutz, key, "change", **fields, protected="1").status_code == 302
    assert household(key).protected
    assert enter(client, key, "change", **fields).status_code == 404


def test_a_wrong_name_is_corrected_and_a_wrong_spelling_struck(browse):
    client = browse("belegung")
    key = register(client)
    row, address = people(key)[0], person_address(key)
    facts = {"given": "Amirah", "family": "Qastan", "born": "12.3.1992", "sex": "f",
             "relation": "self"}  # fmt: skip
    assert post(client, address + "facts/", facts).status_code == 302
    assert [str(n) for n in row.names.all()] == ["Amirah Qastan"]
    only = row.names.get().pk
    assert post(client, address + "name_end/", number=only).status_code == 409
    post(client, address + "name/", given="Ameera", family="Kastan")
    second = row.names.order_by("-id").first().pk
    assert post(client, address + "name_end/", number=second).status_code == 302
    assert row.names.count() == 1
    found = post(client, "/haushalte/suche/", name="Kastan Amira").content.decode()
    assert key in found, "both spellings sound alike"


def test_a_permit_holds_for_the_whole_household_at_once_and_may_overlap(browse):
    from vorort.web.intake.models import LegalBasis

    client = browse("belegung")
    key = register(client)
    fields = {"name": "refugee_protection", "start": "2026-12-01", "claim": "1", "all": "1"}
    assert post(client, person_address(key) + "legal/", fields).status_code == 302
    for person in people(key):
        rows = LegalBasis.objects.filter(person=person).order_by("id")
        assert [(r.name, r.opens_claim) for r in rows] == [
            ("asylum_seeker", False), ("refugee_protection", True),
        ]  # fmt: skip


def test_vulnerabilities_are_apart_from_needs_and_every_look_is_written_down(browse):
    from vorort.web.accounts.models import ReadLog
    from vorort.web.intake.models import Vulnerability

    client, schutz = browse("belegung"), browse("schutz")
    key = register(client)
    address, row = person_address(key), people(key)[0]
    fields = {"code": "pregnant", "expires": "2027-05-01"}
    assert post(client, address + "vulnerability/", fields).status_code == 404
    assert post(schutz, address + "vulnerability/", {**fields, "expires": "2026-11-23"}) \
        .status_code == 409  # fmt: skip
    assert post(schutz, address + "vulnerability/", fields).status_code == 302
    assert "schwanger" not in client.get(address).content.decode()
    assert not ReadLog.objects.filter(subject=row).exists()
    assert "schwanger" in schutz.get(address).content.decode()
    assert ReadLog.objects.filter(subject=row, purpose_code="vulnerability").count() == 1
    number = Vulnerability.objects.get().pk
    assert post(schutz, address + "vulnerability_end/", number=number).status_code == 302
    assert not Vulnerability.objects.exists()


def test_children_left_alone_are_a_task_of_the_youth_office_whatever_left_them(browse):
    from vorort.web.tasks.models import Task

    client = browse("belegung")
    for event in ("departure", "join", "separation"):
        key = register(client, {"family": f"Kastan{event}"}, sure="1")
        mother, *children = people(key)
        if event == "departure":
            done = post(client, person_address(key) + "departure/", on="2026-11-23", reason="died")
        elif event == "join":
            other = register(client, {"family": "Ander", "given-1": "", "born-1": "", "sex-1": "",
                                      "given-2": "", "born-2": "", "sex-2": "", "given-3": "",
                                      "born-3": "", "sex-3": ""}, sure="1")  # fmt: skip
            done = post(client, person_address(key) + "join/", household=other, on="2026-11-23")
        else:
            done = post(client, f"/haushalte/{key}/trennen/", person=[mother.key],
                        on="2026-11-23", reason="separation")  # fmt: skip
        assert done.status_code == 302, event
        row = household(key)
        assert (row.kind, row.responsible) == ("uam", "jugendamt"), event
        tasks = Task.objects.filter(kind="unaccompanied_minor", household=row)
        assert [t.office.key for t in tasks] == ["jugendamt"], event
        assert browse("jugendamt").get(f"/haushalte/{key}/").status_code == 200
        assert children


def test_a_disputed_age_counts_as_a_minor_until_it_is_settled(browse):
    client = browse("belegung")
    alone = {f"{n}-{i}": "" for n in ("given", "born", "sex") for i in (1, 2, 3)}
    key = register(client, {**alone, "born-0": "2006", "family": "Streitig"})
    assert household(key).kind == "single"
    facts = {"given": "Amira", "family": "Streitig", "born": "2006", "sex": "f",
             "age_disputed": "1"}  # fmt: skip
    assert post(client, person_address(key) + "facts/", facts).status_code == 302
    assert household(key).kind == "uam"
    page = client.get(f"/haushalte/{key}/").content.decode()
    assert "Hier wird kein Platz vergeben" in page
    unit = "GU-ZIE-001"
    held = post(client, f"/haushalte/{key}/vormerken/", units=unit, **{"from": "2026-11-23"},
                expires="2026-11-26")  # fmt: skip
    assert held.status_code == 409
    assert enter(client, key, "grown").status_code == 409
    settled = {**facts, "age_disputed": ""}
    assert post(browse("belegung"), person_address(key) + "facts/", settled).status_code == 302
    assert household(key).kind == "single"


def test_on_the_18th_birthday_somebody_says_so_and_places_may_be_given(browse):
    from vorort.web.intake.models import Person

    client = browse("belegung")
    alone = {f"{n}-{i}": "" for n in ("given", "born", "sex") for i in (1, 2, 3)}
    key = register(client, {**alone, "born-0": "24.11.2008", "family": "Bald"})
    assert household(key).kind == "uam"
    assert enter(client, key, "grown").status_code == 409
    Person.objects.filter(pk=people(key)[0].pk).update(born="2008-11-23")
    page = client.get(f"/haushalte/{key}/").content.decode()
    assert "Niemand hier ist noch minderjährig" in page
    assert enter(client, key, "grown").status_code == 302
    assert household(key).kind == "single"


def test_a_guardian_is_noted_from_a_day_and_ends(browse):
    client = browse("belegung")
    key = register(client)
    child, address = people(key)[3], person_address(key, 3)
    assert "Vormundschaft" not in client.get(person_address(key)).content.decode(), "grown"
    post(client, address + "guardian/", guardian="Jugendamt, Frau Beispiel", since="2026-11-20")
    child.refresh_from_db()
    assert (child.guardian, child.guardian_since) == ("Jugendamt, Frau Beispiel",
                                                      date(2026, 11, 20))  # fmt: skip
    assert "seit 20.11.2026" in client.get(address).content.decode()
    post(client, address + "guardian/", guardian="", since="2026-11-23")
    child.refresh_from_db()
    assert (child.guardian, child.guardian_since) == ("", None)


def test_a_father_who_comes_later_joins_with_one_form_and_his_household_ends(browse):
    client = browse("belegung")
    mother = register(client)
    alone = {f"{n}-{i}": "" for n in ("given", "born", "sex") for i in (1, 2, 3)}
    father = register(client, {**alone, "given-0": "Rami", "born-0": "1988", "sex-0": "m"},
                      sure="1")  # fmt: skip
    assert "?was=together#was" in client.get(f"/haushalte/{father}/").content.decode()
    page = client.get(f"/haushalte/{father}/?was=together").content.decode()
    assert f'<option value="{mother}">Kastan</option>' in page, "the same name is offered"
    done = enter(client, father, "together", household=mother, on="2026-11-23")
    assert done.status_code == 302 and done.url == f"/haushalte/{mother}/"
    assert (len(people(mother)), household(mother).kind) == (5, "family")
    empty = client.get(f"/haushalte/{father}/").content.decode()
    assert "gehört heute niemand" in empty
    assert father not in client.get("/haushalte/unvollstaendig/").content.decode()
    assert enter(client, father, "together", household=mother, on="2026-11-23").status_code == 409


def test_who_has_left_needs_no_bed(browse):
    from vorort.web.placing import house

    client = browse("belegung")
    key = register(client)
    child = people(key)[3]
    assert len(house.into(key, ["GU-ZIE-001"], TODAY)) == 4
    post(client, person_address(key, 3) + "departure/", on="2026-11-23", reason="left")
    assert child.key not in house.into(key, ["GU-ZIE-001"], TODAY)
    assert "fort seit" in client.get(f"/haushalte/{key}/").content.decode()


def test_pairs_that_look_like_one_person_are_listed_until_somebody_tells_them_apart(browse):
    client = browse("belegung")
    one = register(client)
    alone = {f"{n}-{i}": "" for n in ("given", "born", "sex") for i in (1, 2, 3)}
    fields = {**alone, "family": "Castan", "given-0": "Ameera", "born-0": "12.03.1992"}
    other = register(client, fields, sure="1")
    page = client.get("/haushalte/doppelt/").content.decode()
    row = page.split(people(one)[0].key)[1]
    assert people(other)[0].key in page and "wahrscheinlich" in page and row
    hidden = browse("schutz")
    enter(hidden, other, "change", group="asylum", kind="single", protected="1")
    assert people(other)[0].key not in client.get("/haushalte/doppelt/").content.decode()
    pair = {"one": people(one)[0].key, "other": people(other)[0].key}
    assert post(client, "/haushalte/doppelt/", pair).status_code == 409, "no hint, no act"
    assert post(hidden, "/haushalte/doppelt/", pair).status_code == 302
    assert people(other)[0].key not in hidden.get("/haushalte/doppelt/").content.decode()


def test_who_is_looked_at_by_year_of_birth_is_whom_a_look_at_everybody_finds(browse):
    from vorort.files.cells import KINDS
    from vorort.ledger.names import alike, sounds
    from vorort.vocabulary import PartialDate
    from vorort.web.accounts.models import User
    from vorort.web.intake import duplicates
    from vorort.web.intake.models import Name, Person

    client = browse("belegung")
    key = register(client)
    mother = people(key)[0]
    for born in ("1992-03-12", "1992", None, "1992-01-01", "1991-03-12"):
        again = register(client, {"sure": "1"})
        Person.objects.filter(pk=people(again)[0].pk).update(born=born)
    user, read = User.objects.get(username="belegung"), KINDS["born"].read
    found = {}
    for born in (PartialDate(1992, 3, 12), PartialDate(1992), PartialDate(1991), None):
        seen = duplicates.candidates(user, "Kastan", "Amira", born)
        heard = sounds("Kastan", "Amira")
        expected = {
            n.person_id for n in Name.objects.select_related("person")
            if alike(heard, born, tuple(n.sound.split()),
                     read(n.person.born) if n.person.born else None)
        }  # fmt: skip
        assert {c.person.pk for c in seen} == expected
        found[born] = len(seen)
    assert mother.pk in {c.person.pk for c in duplicates.candidates(user, "Kastan", "Amira", None)}
    assert 0 < found[PartialDate(1991)] < found[PartialDate(1992)] < found[None]
