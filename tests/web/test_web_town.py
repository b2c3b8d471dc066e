"""Sites, units, dated changes of places, turnaround, reports: written or refused."""

import re
import uuid
from datetime import date, timedelta

import pytest

TODAY = date(2026, 11, 23)
SITE = {
    "name": "Wiesenweg 5", "kind": "container", "district": "mitte", "owner": "sozialamt",
    "opens_on": "2026-12-01", "cost_month_eur": "12.500", "protection_concept": "1",
}  # fmt: skip
UNIT = {
    "number": "CO-WIE-001", "kind": "family", "title": "Wohnung 1", "places": "4",
    "for_whom": "newcomers", "access": "1", "floor": "0", "feature": ["kitchen", "quiet"],
}  # fmt: skip


def post(client, address, fields=None, **more):
    return client.post(address, {"key": str(uuid.uuid4()), **(fields or {}), **more})


def seen(answer):
    return re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]


def wrong_fields(answer):
    return re.findall(r'name="(\w+)"[^>]*aria-invalid="true"', answer.content.decode())


def states(on=TODAY):
    from vorort.ledger import occupancy
    from vorort.web import bridge

    return occupancy(bridge.whole_ledger(), on, today=TODAY).units


def test_a_new_site_with_a_unit_is_free_from_its_opening(browse):
    from vorort.web.town.models import Site

    client = browse("belegung")
    answer = post(client, "/standorte/neu/", SITE)
    site = Site.objects.get(name="Wiesenweg 5")
    assert answer.url == f"/standorte/{site.key}/"
    assert site.cost_month_eur == 12500 and site.protection_concept is True
    assert post(client, f"/standorte/{site.key}/einheiten/neu/", UNIT).status_code == 302
    assert states()["CO-WIE-001"].nominal == 0
    assert states(date(2026, 12, 1))["CO-WIE-001"].free == 4
    page = client.get(f"/standorte/{site.key}/").content.decode()
    assert "CO-WIE-001" in page and "Standort angelegt" in page


def test_every_complaint_is_told_at_once_and_what_was_typed_stays(browse):
    wrong = {**SITE, "name": "", "opens_on": "31.02.2026", "cost_month_eur": "viel", "kind": "zelt"}
    answer = post(browse("belegung"), "/standorte/neu/", wrong)
    page = answer.content.decode()
    assert (
        answer.status_code == 409 and page.split("Nicht gespeichert")[1].count("<li>", 0, 900) == 4
    )
    assert 'value="viel"' in page and 'value="31.02.2026"' in page
    assert page.count('aria-invalid="true"') == 4


def test_a_change_somebody_else_made_meanwhile_is_compared_not_lost(browse):
    client = browse("belegung")
    address = "/standorte/GU-ZIE/aendern/"
    mark = seen(client.get(address))
    fields = {**SITE, "name": "Ziegelhof", "kind": "shared", "opens_on": "", "phone": "0123"}
    assert post(browse("schutz"), address, fields, seen=mark).status_code == 302
    mine = {**fields, "phone": "0999"}
    answer = post(client, address, mine, seen=mark)
    assert answer.status_code == 409
    assert "0123" in answer.content.decode() and 'value="0999"' in answer.content.decode()
    assert post(client, address, mine, seen=seen(answer)).status_code == 302
    from vorort.web.accounts.models import ActValue

    phones = ActValue.objects.filter(table="site", field="phone").order_by("id")
    assert [(v.old, v.new) for v in phones] == [("", "0123"), ("0123", "0999")]
    assert all(v.subject_id is None for v in phones)


def test_an_office_changes_its_own_sites_only(browse):
    fields = {**SITE, "name": "Fremd", "owner": "vhs"}
    assert post(browse("belegung"), "/standorte/neu/", fields).status_code == 409
    address = "/standorte/KI-05/aendern/"
    assert browse("belegung").get(address).status_code == 404
    assert browse("kita").get(address).status_code == 200


def test_a_block_with_people_inside_is_shown_first_and_then_entered(browse):
    client = browse("belegung")
    address = "/standorte/GU-ZIE/ereignis/"
    before = states()
    full = next(u for u, s in before.items() if u.startswith("GU-ZIE") and s.used >= 2)
    fields = {
        "kind": "block", "target": full, "date": "2026-11-23", "reason_kind": "repair",
        "reason": "Wasserschaden", "status": "decided",
    }  # fmt: skip
    shown = post(client, address, fields)
    assert shown.status_code == 200
    assert f"<strong>{before[full].used} wären zu viel" in shown.content.decode()
    assert states() == before, "nothing was written yet"
    assert post(client, address, fields, sure="1").status_code == 302
    state = states()[full]
    assert (state.open, state.over) == (0, state.used)
    assert f"{state.over} zu viel" in client.get("/standorte/GU-ZIE/").content.decode()
    lift = {**fields, "kind": "unblock", "date": "2026-11-25", "sure": "1"}
    assert post(client, address, lift).status_code == 302
    assert states(date(2026, 11, 25))[full] == before[full]


def test_site_staff_may_block_but_not_plan(browse):
    client = browse("standort")
    address = "/standorte/GU-ZIE/ereignis/"
    plan = {"kind": "step", "target": "GU-ZIE", "date": "2026-12-01", "places": "5",
            "status": "decided"}  # fmt: skip
    assert post(client, address, plan).status_code == 409
    empty = next(u for u, s in states().items() if u.startswith("GU-") and s.free == s.nominal > 0)
    block = {"kind": "block", "target": empty, "date": "2026-11-23", "reason_kind": "repair",
             "status": "decided"}  # fmt: skip
    site = empty.rsplit("-", 1)[0]
    assert post(client, f"/standorte/{site}/ereignis/", block).status_code == 302
    assert states()[empty].blocked == {"repair": states()[empty].nominal}


def test_what_was_only_planned_can_be_withdrawn_and_what_is_decided_cannot(browse):
    from vorort.web.town.models import CapacityEvent

    client = browse("belegung")
    address = "/standorte/GU-ZIE/ereignis/"
    plan = {"kind": "step", "target": "GU-ZIE", "date": "2026-12-01", "places": "-2"}
    keys = {}
    for status in ("planned", "decided"):
        known = set(CapacityEvent.objects.values_list("key", flat=True))
        assert post(client, address, plan, status=status, sure="1").status_code == 302
        (keys[status],) = set(CapacityEvent.objects.values_list("key", flat=True)) - known
    assert post(client, f"{address}{keys['planned']}/").status_code == 302
    assert post(client, f"{address}{keys['decided']}/").status_code == 409
    assert CapacityEvent.objects.filter(key=keys["decided"]).exists()


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"until": "2026-11-23"}, "until"),
        ({"reason_kind": ""}, "reason_kind"),
        ({"kind": "step"}, "places"),
        ({"places": "-3"}, "places"),
        ({"kind": "release"}, "reason"),
        ({"kind": "close"}, "reason"),
        ({"kind": "reserve"}, "reason_kind"),
        ({"kind": "open", "delay_low_days": "10"}, "delay_high_days"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(browse, changes, column):
    from vorort.web.town.models import CapacityEvent

    fields = {"kind": "block", "target": "GU-ZIE", "date": "2026-11-23", "reason_kind": "repair",
              "status": "decided", **changes}  # fmt: skip
    before = CapacityEvent.objects.count()
    answer = post(browse("belegung"), "/standorte/GU-ZIE/ereignis/", fields)
    assert answer.status_code == 409
    assert wrong_fields(answer) == [column]
    assert CapacityEvent.objects.count() == before


@pytest.mark.parametrize(
    ("kind", "targets"),
    [
        ("block", []), ("block", ["KI-05"]), ("block", ["GU-ZIE", "GU-ZIE-001"]),
        ("turnaround", ["GU-ZIE"]), ("lease_end", ["GU-ZIE-001"]),
    ],
)  # fmt: skip
def test_a_change_concerns_units_of_the_site_or_the_whole_site(browse, kind, targets):
    from vorort.web.town.models import CapacityEvent

    fields = {"kind": kind, "target": targets, "date": "2026-11-23", "reason_kind": "repair",
              "status": "decided", "then": ["cleaning"]}  # fmt: skip
    before = CapacityEvent.objects.count()
    answer = post(browse("belegung"), "/standorte/GU-ZIE/ereignis/", fields)
    assert answer.status_code == 409
    assert 'class="wrong"' in answer.content.decode()
    assert CapacityEvent.objects.count() == before


def test_the_owner_reports_a_figure_and_another_office_only_a_difference(browse):
    from vorort.web.tasks.models import Task
    from vorort.web.town.models import Unit

    unit = Unit.objects.filter(facility__key="KI-05", domain="childcare").first()
    before = states()[unit.key].nominal
    kita = browse("kita")
    address = f"/meldungen/childcare/{unit.key}/"
    assert post(kita, address, places=before + 2, on="2026-11-23").status_code == 302
    unit.refresh_from_db()
    assert (unit.reported_by, unit.reported_on) == ("kreuz", TODAY)
    assert states()[unit.key].nominal == before + 2
    assert states(TODAY - timedelta(days=1))[unit.key].nominal == before, "the past stays"
    assert post(browse("belegung"), address, places=before, on="2026-11-23").status_code == 302
    unit.refresh_from_db()
    assert (unit.other_places, unit.other_by) == (before, "sozialamt")
    assert states()[unit.key].nominal == before + 2, "the owner's figure counts"
    assert Task.objects.filter(kind="two_figures", unit=unit, office__key="kreuz").count() == 1


def test_a_unit_waits_for_cleaning_until_the_last_task_is_done(browse):
    from vorort.web.accounts import trail
    from vorort.web.accounts.models import User
    from vorort.web.tasks.actions import end
    from vorort.web.tasks.models import Task
    from vorort.web.town import turnaround

    user = User.objects.get(username="belegung")
    empty = next(u for u, s in states().items() if u.startswith("GU-") and s.free == s.nominal > 0)
    kinds = ("cleaning", "keys")
    trail.once(user, uuid.uuid4(), "move_out",
               lambda act: turnaround.after_move_out(act, [empty], TODAY, kinds))  # fmt: skip
    assert states()[empty].blocked == {"turnaround": states()[empty].nominal}
    first, last = Task.objects.filter(unit__key=empty).order_by("id")
    end(user, uuid.uuid4(), first.pk)
    assert states()[empty].free == 0
    end(user, uuid.uuid4(), last.pk)
    assert states()[empty].free == states()[empty].nominal


def test_places_add_up_on_every_day_after_any_changes(browse):
    """nominal + over = assigned + kept + blocked + unfit + free, whatever was entered."""
    import random

    luck = random.Random(3)
    client = browse("belegung")
    units = [u for u in states() if u.startswith("GU-ZIE")][:8]
    for _ in range(25):
        kind = luck.choice(("block", "unblock", "reserve", "release", "close", "open", "step"))
        start = TODAY + timedelta(days=luck.randrange(-3, 15))
        fields = {
            "kind": kind, "target": luck.choice([*units, "GU-ZIE"]), "date": start.isoformat(),
            "until": luck.choice(["", (start + timedelta(days=4)).isoformat()]),
            "places": luck.choice(["", "1", "2"]) if kind != "step" else luck.choice(["-2", "2"]),
            "reason_kind": "other", "reason": "Probe", "status": "decided", "sure": "1",
        }  # fmt: skip
        assert post(client, "/standorte/GU-ZIE/ereignis/", fields).status_code == 302
    for n in range(-5, 25):
        for unit, s in states(TODAY + timedelta(days=n)).items():
            parts = s.assigned + s.kept + s.blocked_places + s.unfit + s.free
            assert s.nominal + s.over == parts, (unit, n)
            assert min(s.free, s.over, s.unfit, s.blocked_places) >= 0


def test_units_alike_are_made_at_once_and_their_numbers_counted_on(browse):
    from vorort.web.town.models import Unit

    client = browse("belegung")
    address = "/standorte/GU-ZIE/einheiten/neu/"
    page = client.get(address).content.decode()
    assert 'name="number" value="GU-ZIE-033"' in page, "the next number is offered"
    fields = {**UNIT, "number": "GU-ZIE-033", "title": "Zimmer 9", "how_many": "3"}
    assert post(client, address, fields).status_code == 302
    made = Unit.objects.filter(key__gt="GU-ZIE-032", facility__key="GU-ZIE").order_by("key")
    assert [(u.key, u.title) for u in made] == [
        ("GU-ZIE-033", "Zimmer 9"), ("GU-ZIE-034", "Zimmer 10"), ("GU-ZIE-035", "Zimmer 11"),
    ]  # fmt: skip
    answer = post(client, address, {**fields, "number": "GU-ZIE-034"})
    assert answer.status_code == 409 and wrong_fields(answer) == ["number"]
    assert "Frei wäre GU-ZIE-036" in answer.content.decode()
    assert made.count() == 3


def test_a_door_has_two_sides(browse):
    from vorort.web.town.models import Unit

    client = browse("belegung")
    high, low = "GU-ZIE-020", "GU-ZIE-015"
    address = f"/standorte/GU-ZIE/einheiten/{high}/aendern/"

    def change(doors):
        mark = seen(client.get(address))
        fields = {"kind": "family", "for_whom": "newcomers", "seen": mark, "adjoins": doors}
        assert post(client, address, fields).status_code == 302
        return [Unit.objects.get(key=k).adjoins for k in (high, low)]

    assert change([low]) == [low, high]
    assert change([]) == ["", ""]


def test_a_course_has_places_on_its_days_only(browse):
    from vorort.web.town.models import Site, Unit

    site = Site.objects.filter(kind="course").first()
    user = browse("belegung")
    from vorort.web.accounts.models import User

    User.objects.filter(username="belegung").update(office=site.owner)
    address = f"/standorte/{site.key}/einheiten/neu/"
    page = user.get(address).content.decode()
    assert "Sprachkurs" in page and 'name="sex"' not in page, "a course asks for no beds"
    fields = {"title": "A2 abends", "number": "KU-NEU-1", "places": "20", "opens": "2027-01-11",
              "ends": "2027-06-30", "for_whom": "newcomers"}  # fmt: skip
    assert post(user, address, fields).status_code == 302
    row = Unit.objects.get(key="KU-NEU-1")
    assert (row.domain, row.kind, row.per, row.pool) == ("language", "shared", "place", "general")
    days = [date(2027, 1, 10), date(2027, 1, 11), date(2027, 6, 29), date(2027, 6, 30)]
    assert [states(d)["KU-NEU-1"].nominal for d in days] == [0, 20, 20, 0]
    page = user.get("/meldungen/language/").content.decode()
    assert "A2 abends" in page and "beginnt am 11.01.2027" in page and "bis 30.06.2027" in page


def test_several_units_are_blocked_in_one_act(browse):
    from vorort.web.accounts.models import Act

    client = browse("belegung")
    free = [u for u, s in states().items() if u.startswith("GU-") and s.free == s.nominal > 0]
    site = free[0].rsplit("-", 1)[0]
    chosen = [u for u in free if u.startswith(site)][:2]
    assert len(chosen) == 2
    asked = client.get(f"/standorte/{site}/ereignis/?was=block&einheit={chosen[0]}")
    assert f'value="{chosen[0]}" checked' in asked.content.decode()
    before = Act.objects.count()
    fields = {"kind": "block", "target": chosen, "date": "2026-11-23", "reason_kind": "repair",
              "reason": "Heizung", "status": "decided"}  # fmt: skip
    assert post(client, f"/standorte/{site}/ereignis/", fields).status_code == 302
    assert Act.objects.count() == before + 1
    assert all(states()[u].blocked == {"repair": states()[u].nominal} for u in chosen)
    page = client.get(f"/standorte/{site}/").content.decode()
    assert page.count("Reparatur: Heizung") >= 2


def test_a_reserve_says_what_it_is_for_and_is_released_with_a_reason_only(browse):
    client = browse("belegung")
    address = "/standorte/GU-ZIE/ereignis/"
    assert states()["GU-ZIE-032"].blocked == {"reserve": 4}
    fields = {"kind": "release", "target": "GU-ZIE-032", "date": "2026-11-24"}
    assert post(client, address, fields).status_code == 409
    assert post(client, address, {**fields, "reason": "Kältenacht"}).status_code == 302
    assert states(date(2026, 11, 24))["GU-ZIE-032"].free == 4
    again = {"kind": "reserve", "target": "GU-ZIE-032", "date": "2026-11-26", "status": "decided",
             "reason_kind": "quarantine"}  # fmt: skip
    assert post(client, address, again).status_code == 302
    assert states(date(2026, 11, 26))["GU-ZIE-032"].blocked == {"reserve": 4}
    page = client.get("/standorte/GU-ZIE/einheiten/GU-ZIE-032/").content.decode()
    assert "Kältenacht" in page and "Quarantäne" in page


def test_damage_is_a_task_with_an_office_and_a_day_and_blocks_an_empty_unit_only(browse):
    from vorort.web.tasks.models import Task

    client = browse("standort")
    free = next(u for u, s in states().items() if u.startswith("GU-") and s.free == s.nominal > 0)
    site = free.rsplit("-", 1)[0]
    full = next(u for u, s in states().items() if u.startswith(site) and s.used)
    fields = {"kind": "turnaround", "target": [free, full], "then": ["repair"],
              "date": "2026-11-23", "due": "2026-12-03", "office": "gebaeude",
              "reason": "Fenster klemmt"}  # fmt: skip
    assert post(client, f"/standorte/{site}/ereignis/", fields).status_code == 302
    tasks = Task.objects.filter(kind="repair", unit__key__in=(free, full))
    assert {(t.office.key, t.due, t.note) for t in tasks} == {
        ("gebaeude", date(2026, 12, 3), "Fenster klemmt")
    }
    assert states()[free].blocked == {"turnaround": states()[free].nominal}
    assert states()[full].blocked == {}


def test_the_page_of_a_unit_says_who_is_there_as_far_as_the_role_may_know(browse):
    from vorort.web.placing.models import Stay

    stay = Stay.objects.filter(
        domain="accommodation", status="moved_in", person__membership__household__protected=True,
        unit__facility__address_protected=False,
    ).select_related("unit__facility").first()  # fmt: skip
    key = stay.person.membership_set.get().household.key
    address = f"/standorte/{stay.unit.facility.key}/einheiten/{stay.unit.key}/"
    assert key in browse("schutz").get(address).content.decode()
    for role in ("belegung", "bereitschaft", "standort", "planung", "revision"):
        page = browse(role).get(address).content.decode()
        assert key not in page and stay.person.key not in page
        assert "belegt" in page.split("Wer ist da")[1]


def test_the_history_of_a_place_says_what_was_changed_from_what_to_what(browse):
    client = browse("belegung")
    address = "/standorte/GU-ZIE/aendern/"
    for phone in ("0123", "0999"):
        mark = seen(client.get(address))
        fields = {**SITE, "name": "Ziegelhof", "kind": "shared", "opens_on": "", "phone": phone}
        assert post(client, address, fields, seen=mark).status_code == 302
    page = client.get("/standorte/GU-ZIE/").content.decode().split("Verlauf")[1]
    assert "Ziegelhof, Telefon: 0123 → 0999" in page
    assert "address_protected" not in page and "facility_id" not in page


def test_a_shelters_address_is_set_and_seen_by_the_named_role_only(browse):
    from vorort.web.town.models import Site

    schutz, other = browse("schutz"), browse("belegung")
    page = schutz.get("/standorte/neu/").content.decode()
    assert 'name="address_protected"' in page
    assert 'name="address_protected"' not in other.get("/standorte/neu/").content.decode()
    made = {**SITE, "name": "Haus am Ufer", "address_protected": "1"}
    assert post(schutz, "/standorte/neu/", made).status_code == 302
    key = Site.objects.get(name="Haus am Ufer").key
    assert schutz.get(f"/standorte/{key}/").status_code == 200
    assert other.get(f"/standorte/{key}/").status_code == 404
    assert "Haus am Ufer" not in other.get("/standorte/?q=Ufer").content.decode()
    forged = {**SITE, "name": "Kein Haus", "address_protected": "1"}
    assert post(other, "/standorte/neu/", forged).status_code == 302
    assert Site.objects.get(name="Kein Haus").address_protected is False


def test_every_right_a_page_asks_for_is_a_right_there_is(town):
    """A misspelt right would hide a button from everybody."""
    from pathlib import Path

    from vorort.web import accounts
    from vorort.web.accounts.rights import RIGHTS

    known = {r.replace(".", "_") for r in RIGHTS}
    pages = Path(accounts.__file__).parents[1] / "templates"
    asked = {
        name for page in pages.rglob("*.html")
        for name in re.findall(r'"(\w+)" (?:not )?in rights', page.read_text("utf-8"))
    }  # fmt: skip
    assert len(asked) > 10 and asked <= known
