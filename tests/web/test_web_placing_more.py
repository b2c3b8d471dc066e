"""Keep, transfer, swap, over-occupy, correct, emergency: in the browser, by the ledger's rules."""

import re
import uuid
from datetime import date, timedelta

import pytest
from test_web_intake import housed, people, places, post, register

TODAY = date(2026, 11, 23)


def states(on=TODAY):
    from vorort.ledger import occupancy
    from vorort.web import bridge

    return occupancy(bridge.whole_ledger(), on, today=TODAY).units


def stays(key, *statuses):
    from vorort.web.placing.models import Stay

    rows = Stay.objects.filter(person__in=people(key), status__in=statuses)
    return [s.key for s in rows.order_by("id")]


def do(client, key, what, status=302, **fields):
    answer = post(client, f"/haushalte/{key}/belegung/{what}/", fields)
    told = re.findall(r"<li>[^<]+", answer.content.decode())
    assert answer.status_code == status, told
    return answer


def empty_units(size, but=()):
    from vorort.web.town.models import Unit

    own = Unit.objects.filter(facility__owner__key="sozialamt", kind="family").order_by("key")
    free = states()
    return [u.key for u in own if free[u.key].free >= size and u.key not in but]


def test_a_place_is_kept_while_they_are_away(browse):
    client = browse("belegung")
    key, unit = housed(client)
    do(client, key, "keep", stay=stays(key, "moved_in"), on="2026-11-23", kept_until="2026-12-01")
    assert states()[unit].kept == 4 and states()[unit].free == 0
    do(client, key, "come_back", stay=stays(key, "absent"), on="2026-11-25")
    assert states(date(2026, 11, 25))[unit].moved_in == 4


def test_a_hold_is_extended_cancelled_or_nobody_came(browse):
    client = browse("belegung")
    key = register(client)
    unit = empty_units(4)[0]
    post(client, f"/haushalte/{key}/vormerken/", units=unit, expires="2026-11-25",
         until="2027-01-31", **{"from": "2026-11-23"})  # fmt: skip
    do(client, key, "extend", stay=stays(key, "held"), expires="2026-11-30")
    do(client, key, "extend", 409, stay=stays(key, "held"), expires="2026-11-20")
    held = stays(key, "held")
    do(client, key, "no_show", stay=held[:1])
    do(client, key, "cancel", stay=held[1:], reason="refused")
    assert states()[unit].free == states()[unit].open
    assert {s for _, _, s in places(key)} == {"no_show", "cancelled"}


def test_a_household_moves_in_one_act(browse):
    from vorort.web.accounts.models import Act

    client = browse("belegung")
    key, unit = housed(client)
    other = empty_units(4, {unit})[0]
    before = Act.objects.count()
    do(client, key, "transfer", units=other, on="2026-11-24", until="2027-01-31")
    assert Act.objects.count() == before + 1
    day = date(2026, 11, 24)
    assert states(day)[unit].used == 0 and states(day)[other].used == 4
    do(client, key, "transfer", 409, units="GU-GIBTS-NICHT", on="2026-11-24")
    do(client, key, "transfer", 409, units=other, on="")


def test_two_households_swap(browse):
    client = browse("belegung")
    one, unit = housed(client)
    two = register(client, {"family": "Melnyk", "given-0": "Olena"}, sure="1")
    other = empty_units(4, {unit})[0]
    post(client, f"/haushalte/{two}/vormerken/", units=other, expires="2026-11-25",
         until="2027-01-31", **{"from": "2026-11-23"})  # fmt: skip
    for step in ("bestaetigen", "einzug"):
        chosen = stays(two, "held", "confirmed")
        post(client, f"/haushalte/{two}/{step}/", stay=chosen, on="2026-11-23")
    do(client, one, "swap", household=two, on="2026-11-24")
    now = {(k, u) for k in (one, two) for _, u, s in places(k) if s == "confirmed"}
    assert now == {(one, other), (two, unit)}
    do(client, one, "swap", 409, household="H-0828", on="2026-11-24")


def test_more_people_than_places_only_with_reason_and_end(browse):
    client = browse("belegung")
    key = register(client)
    from vorort.web.tasks.models import Task
    from vorort.web.town.models import Unit

    own = Unit.objects.filter(facility__owner__key="sozialamt", kind="family")
    small = next(u.key for u in own.order_by("key") if 0 < states()[u.key].free < 4)
    fields = {"units": small, "on": "2026-11-23", "over_until": "2026-12-01"}
    do(client, key, "over_occupy", 409, **fields, reason="")
    do(client, key, "over_occupy", **fields, reason="Kälte, nichts anderes frei")
    state = states()[small]
    assert state.over == 4 - state.open
    assert Task.objects.filter(kind="over_occupancy", unit__key=small).count() == 1
    assert "zu viel" in client.get("/heute/").content.decode()


def test_a_correction_shows_what_it_hits_before_it_is_saved(browse):
    from vorort.web.placing.models import Stay, StayOld

    client = browse("belegung")
    key, unit = housed(client)
    taken = next(u for u, s in states().items() if u.startswith("GU-") and s.used and s.unfit)
    mine = stays(key, "moved_in")[0]
    fields = {"stay": mine, "unit": taken, "from_on": "2026-11-23", "reason": "war dort"}
    shown = do(client, key, "correct", 409, **fields)
    mark = re.search(r'name="seen" value="(\w+)"', shown.content.decode())[1]
    assert taken in shown.content.decode()
    do(client, key, "correct", 409, **fields, seen="anderes")
    assert Stay.objects.filter(key=mine).exists(), "nothing is saved unseen"
    do(client, key, "correct", **fields, seen=mark)
    assert not Stay.objects.filter(key=mine).exists()
    assert StayOld.objects.get(key=mine).unit.key == unit, "what was believed before stays"
    do(client, key, "correct", 409, stay=mine, from_on="2026-11-23", reason="")


def test_fridays_emergency_is_entered_on_monday(browse):
    from vorort.web.tasks.models import Task

    client = browse("belegung")
    friday = TODAY - timedelta(days=3)
    full = [u for u, s in states(friday).items() if u.startswith("GU-ZIE") and s.used == s.open > 0]
    start, target = full[:3], full[5]
    moved = sum(states(friday)[u].used for u in start)
    fields = {"start": " ".join(start), "units": target, "on": friday.isoformat(),
              "over_until": "2026-12-01", "reason": "Brand im Nordflügel"}  # fmt: skip
    shown = post(client, "/notverlegung/", fields)
    assert f"{moved} Personen" in shown.content.decode()
    assert states()[target].over == 0, "nothing was written yet"
    answer = post(client, "/notverlegung/", fields, sure="1")
    assert answer.status_code == 302, re.findall(r"<li>[^<]+", answer.content.decode())
    for day in (friday, TODAY):
        assert states(day)[target].over >= moved
        assert all(states(day)[u].used == 0 for u in start)
    assert states(friday - timedelta(days=1))[start[0]].used > 0, "before it they were there"
    assert Task.objects.filter(kind="emergency_follow_up").count() >= 1
    assert post(client, "/notverlegung/", {**fields, "start": "X-1 Y"}).status_code == 409


def test_a_whole_site_is_moved_by_ticking_it_and_another(browse):
    client = browse("belegung")
    people_there = sum(s.moved_in for u, s in states().items() if u.startswith("CO-ANG"))
    assert people_there > 20
    page = client.get("/notverlegung/").content.decode()
    assert 'name="start_site" value="CO-ANG"' in page and 'name="to_site" value="GU-GER"' in page
    fields = {"on": "2026-11-23", "over_until": "2026-12-01", "reason": "Gas"}
    assert post(client, "/notverlegung/", fields).status_code == 409
    fields |= {"start_site": ["CO-ANG"], "to_site": ["GU-GER", "GU-HAF"]}
    shown = post(client, "/notverlegung/", fields).content.decode()
    assert 'value="CO-ANG" checked' in shown and "zu viel" in shown
    assert post(client, "/notverlegung/", fields, sure="1").status_code == 302
    after = states()
    left = {u for u, s in after.items() if u.startswith("CO-ANG") and s.moved_in}
    assert not left, "everybody who slept there"
    gone = sum(s.over for u, s in after.items() if u.startswith(("GU-GER", "GU-HAF")))
    assert gone > 0


def test_the_night_sheet_hides_where_a_protected_household_is(browse):
    from vorort.web.intake.models import Household
    from vorort.web.placing.models import Stay

    stay = Stay.objects.filter(
        person__membership__household__protected=True, status="moved_in", unit__isnull=False
    ).select_related("unit__facility").first()  # fmt: skip
    key = Household.objects.get(membership__person=stay.person).key
    address = f"/plaetze/nachtblatt/?standort={stay.unit.facility.key}"
    assert key not in browse("belegung").get(address).content.decode()
    assert key in browse("schutz").get(address).content.decode()
    assert "belegt" in browse("planung").get(address).content.decode()
    paper = browse("planung").get("/plaetze/nachtblatt/").content.decode()
    assert not re.search(r"\bH-\d{4}", paper)


@pytest.mark.parametrize("what", ["keep", "extend", "cancel", "no_show"])
def test_nothing_chosen_is_said(browse, what):
    client = browse("belegung")
    key, _ = housed(client)
    fields = {"on": "2026-11-23", "kept_until": "2026-12-01", "expires": "2026-12-01",
              "reason": "other"}  # fmt: skip
    answer = do(client, key, what, 409, **fields)
    assert "nichts ausgewählt" in answer.content.decode()
    foreign = stays("H-0002", "confirmed", "moved_in", "held")
    address = f"/haushalte/{key}/belegung/{what}/"
    assert post(client, address, {**fields, "stay": foreign}).status_code == 404


def test_the_same_form_twice_is_one_act(browse):
    client = browse("belegung")
    key, unit = housed(client)
    fields = {"key": str(uuid.uuid4()), "units": empty_units(4, {unit})[0], "on": "2026-11-24",
              "until": "2027-01-31"}  # fmt: skip
    address = f"/haushalte/{key}/belegung/transfer/"
    assert [client.post(address, fields).status_code for _ in range(2)] == [302, 302]
    assert len([1 for _, _, s in places(key) if s == "confirmed"]) == 4


def chosen(client, key, purpose, unit, status=302, **fields):
    """As the page of free units sends it."""
    sent = {"units": unit, "zweck": purpose, "ab": "2026-11-23", "auto": "1", **fields}
    step = "vormerken" if purpose == "hold" else "einheit"
    answer = post(client, f"/haushalte/{key}/{step}/", sent)
    assert answer.status_code == status, re.findall(r"<li>[^<]+", answer.content.decode())
    return answer


def offered(client, key, purpose="hold"):
    page = client.get(f"/haushalte/{key}/plaetze/?zweck={purpose}").content.decode()
    return re.findall(r'name="units" value="([^"]+)"', page)


def test_a_hold_ends_at_its_hour_and_the_place_is_free_from_then(browse, monkeypatch):
    from vorort.web import clock
    from vorort.web.placing.models import Stay

    client, key = browse("belegung"), register(browse("belegung"))
    unit = offered(client, key)[0]
    fields = {"from": "2026-11-23", "expires": "2026-11-24", "hour": "10:00"}
    chosen(client, key, "hold", unit, 409, **{**fields, "hour": "zehn"})
    chosen(client, key, "hold", unit, 409, **{**fields, "expires": "2026-11-22"})
    chosen(client, key, "hold", unit, **fields)
    page = client.get(f"/haushalte/{key}/").content.decode()
    assert "vorgemerkt bis <strong>24.11.2026 10:00" in page.replace("  ", " ")
    assert states()[unit].held == 4 and states(date(2026, 11, 24))[unit].held == 4
    at = Stay.objects.filter(status="held", unit__key=unit).first().expires_at
    for minutes, held in ((-1, 4), (1, 0)):
        monkeypatch.setattr(clock, "now", lambda m=minutes: at + timedelta(minutes=m))
        monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 24))
        page = client.get(f"/haushalte/{key}/").content.decode()
        from vorort.ledger import occupancy
        from vorort.web import bridge

        day = date(2026, 11, 24)
        assert occupancy(bridge.whole_ledger(), day, today=day).units[unit].held == held
    assert "abgelaufen" in page and "Vormerkung abgelaufen" in page
    from vorort.web.accounts.models import Act

    client.get("/heute/"), client.get("/plaetze/")
    assert Act.objects.filter(kind="lapse").count() == 1, "it falls free once"
    assert unit in offered(client, key), "and may be held again"


def test_who_lives_somewhere_moves_by_choosing_from_the_list(browse):
    client = browse("belegung")
    key, unit = housed(client)
    there = offered(client, key, "transfer")
    assert unit not in there and there
    assert all(u in states() and u.startswith(("GU-", "CO-", "HO-", "WO-", "SW-")) for u in there)
    chosen(client, key, "transfer", there[0], on="2026-11-24")
    assert states(date(2026, 11, 24))[there[0]].used == 4
    assert states(date(2026, 11, 24))[unit].used == 0
    chosen(client, key, "transfer", there[0], 409, on="")
    chosen(client, key, "nichts", there[0], 409, on="2026-11-24")


def test_too_small_units_are_offered_for_over_occupancy_with_how_many_are_too_many(browse):
    client = browse("belegung")
    key = register(client)
    there = offered(client, key, "over_occupy")
    assert there and not set(there) & set(offered(client, key))
    fields = {"on": "2026-11-23", "over_until": "2026-12-01"}
    chosen(client, key, "over_occupy", there[0], 409, **fields, reason="")
    chosen(client, key, "over_occupy", there[0], **fields, reason="Sturm")
    assert states()[there[0]].over == 4 - states()[there[0]].open
    assert "überbelegt bis 01.12.2026" in client.get(f"/haushalte/{key}/").content.decode()


def test_needs_narrow_what_is_offered_and_are_named_to_whom_may_see_them_only(browse):
    from vorort.web.town.models import Unit

    client, schutz = browse("belegung"), browse("schutz")
    key = register(client)
    before = offered(client, key)
    quiet = before[-1]
    Unit.objects.filter(key=quiet).update(features="quiet")
    need = {"code": "quiet", "expires": "2027-05-01"}
    address = f"/haushalte/{key}/personen/{people(key)[2].key}/need/"
    assert post(schutz, address, need).status_code == 302
    assert offered(client, key) == [quiet]
    page = client.get(f"/haushalte/{key}/plaetze/").content.decode()
    assert "erfüllt einen verzeichneten Bedarf nicht" in page
    assert ", ruhig" not in page.split('role="status"')[1].split("</p>")[0]
    seen = schutz.get(f"/haushalte/{key}/plaetze/").content.decode()
    assert ", ruhig" in seen.split('role="status"')[1].split("</p>")[0]


def test_a_place_that_is_promised_to_others_later_is_offered_until_then(browse):
    client = browse("belegung")
    one, two = register(client), register(client, {"family": "Melnyk"}, sure="1")
    unit = offered(client, one)[0]
    later = {"from": "2026-12-10", "expires": "2026-11-30", "until": "2026-12-20"}
    chosen(client, one, "hold", unit, **later)
    page = client.get(f"/haushalte/{two}/plaetze/").content.decode()
    row = page.split(f'value="{unit}"')[1].split("</tr>")[0]
    assert "10.12.2026" in row, "free until the others come"
    chosen(client, two, "hold", unit, **{"from": "2026-11-23", "expires": "2026-11-30"})
    from vorort.web.placing.models import Stay

    mine = Stay.objects.filter(person__in=people(two), status="held")
    assert {s.until for s in mine} == {date(2026, 12, 10)}


def test_swaps_and_corrections_offer_what_fits(browse):
    client = browse("belegung")
    key, unit = housed(client)
    assert "?was=swap#was" in client.get(f"/haushalte/{key}/").content.decode()
    page = client.get(f"/haushalte/{key}/?was=swap").content.decode()
    swap = page.split("/belegung/swap/")[1].split("</form>")[0]
    partners = re.findall(r'<option value="(H-\d+)">', swap)
    assert partners and key not in partners
    do(client, key, "swap", household=partners[0], on="2026-11-24")
    assert states(date(2026, 11, 24))[unit].over == 0
    correct = page.split("/belegung/correct/")[1].split("</form>")[0]
    assert f'<option value="{unit}">' in correct


def test_the_board_counts_units_that_fit_a_household_and_not_beds(browse):
    """Against an oracle: the offers for a household of that size, day by day."""
    from vorort.ledger import free_for, occupancy
    from vorort.web import bridge

    client = browse("belegung")
    page = client.get("/plaetze/frei/?fuer=4").content.decode()
    total = page.split('class="sum"')[1].split("</tr>")[0]
    shown = [int(n) for n in re.findall(r">(\d+)</td>", total)]
    ledger = bridge.whole_ledger()
    for n in (0, 5, 13):
        day = TODAY + timedelta(days=n)
        days = occupancy(ledger, day, today=TODAY).units
        assert shown[n] == len(free_for(ledger, day, 4, days=days))
    assert shown[0] > 0
    many = client.get("/plaetze/frei/?fuer=30").content.decode()
    assert "<strong>0 " in many
    for odd in ("", "?fuer=viele", "?fuer=-3", "?haushalt=H-0828", "?tag=gestern&fuer=2"):
        assert client.get("/plaetze/frei/" + odd).status_code == 200
    hidden = client.get("/plaetze/frei/?haushalt=H-0828").content.decode()
    assert "H-0828" not in hidden.split("<h1>")[1].split("</p>")[0]
    assert "Für wie viele Personen" in hidden


def test_from_a_free_unit_one_step_leads_to_who_waits_and_fits(browse):
    client = browse("belegung")
    key = register(client)
    unit = offered(client, key)[0]
    site = unit.rsplit("-", 1)[0]
    page = client.get(f"/plaetze/frei/?haushalt={key}&standort={site}").content.decode()
    assert f"einheit={unit}" in page
    page = client.get(f"/standorte/{site}/einheiten/{unit}/").content.decode()
    waits = page.split("Wer wartet")[1]
    assert key in waits and f"/haushalte/{key}/plaetze/?ab=2026-11-23&amp;einheit={unit}" in waits
    page = client.get(f"/haushalte/{key}/plaetze/?einheit={unit}").content.decode()
    row = page.split(f'value="{unit}"')[1].split(">")[0]
    assert "checked" in row, "the unit is chosen already"
    assert "Wer wartet" not in browse("planung").get(
        f"/standorte/{site}/einheiten/{unit}/").content.decode()  # fmt: skip


def test_the_week_counts_who_comes_and_goes_and_hides_who_is_protected(browse):
    """Counted anew from the rows; a protected household's coming is in no list."""
    from vorort.web.intake.models import Household
    from vorort.web.placing.models import Stay

    client = browse("belegung")
    day = date(2026, 11, 23)
    rows = Stay.objects.filter(
        domain="accommodation", from_on=day, unit__isnull=False,
        status__in=("held", "confirmed", "moved_in", "ended"),
    )  # fmt: skip
    hidden = rows.filter(person__membership__household__protected=True)
    assert hidden.exists()
    texts = {}
    for role, wanted in (("schutz", rows.count()), ("belegung", rows.count() - hidden.count())):
        page = browse(role).get("/plaetze/woche/").content.decode()
        texts[role] = page
        first = page.split("<h2>")[1].split("</h2>")[0]
        assert f"kommen {wanted}," in first, role
    for key in Household.objects.filter(protected=True).values_list("key", flat=True):
        assert key not in texts["belegung"]
    assert client.get("/plaetze/woche/?tag=gestern").status_code == 200
    one = client.get("/plaetze/woche/?standort=GU-ZIE&tag=2026-11-16").content.decode()
    assert "GU-KAS-0" not in one


def test_a_shelter_is_on_no_page_but_for_the_named_role(browse):
    from vorort.web.town.models import Site

    site = Site.objects.get(key="GU-GER")
    Site.objects.filter(pk=site.pk).update(address_protected=True)
    pages = ("/plaetze/", "/plaetze/woche/", "/plaetze/nachtblatt/", "/plaetze/frei/?fuer=2",
             "/notverlegung/", "/standorte/", "/heute/")  # fmt: skip
    gone = ("/standorte/GU-GER/", "/standorte/GU-GER/einheiten/GU-GER-001/")
    key = register(browse("belegung"))
    for role in ("belegung", "standort"):
        client = browse(role)
        assert {client.get(page).status_code for page in gone} == {404}
        for page in (*pages, f"/haushalte/{key}/plaetze/"):
            text = client.get(page).content.decode()
            assert site.name not in text and "GU-GER-" not in text, (role, page)
    assert site.name in browse("schutz").get("/plaetze/").content.decode()


def test_a_refusal_shows_its_page_without_asking_the_same_again_and_again(browse):
    """In a city the page of a refused form took four seconds where it takes a tenth."""
    from collections import Counter

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browse("belegung")
    key = register(client)
    for name in ("1", "2", "3", "4", "5", "6"):
        sent = {"key": str(uuid.uuid4()), "group": "asylum", "kind": "lone_parent",
                "arrived_on": f"2026-11-0{name}", "protected": "0"}  # fmt: skip
        assert client.post(f"/haushalte/{key}/eintragen/change/", sent).status_code == 302
    with CaptureQueriesContext(connection) as read:
        client.get(f"/haushalte/{key}/")
    with CaptureQueriesContext(connection) as refused:
        sent = {"key": str(uuid.uuid4()), "responsible": "jugendamt", "on": "gestern"}
        assert client.post(f"/haushalte/{key}/zustaendig/", sent).status_code == 409
    asked = Counter(q["sql"] for q in refused)
    assert max(asked.values()) <= max(Counter(q["sql"] for q in read).values()) + 1
