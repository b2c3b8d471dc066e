"""Asking another office for a place, its answers, and what it learns on the way."""

import re
import uuid
from datetime import date, timedelta

TODAY = date(2026, 11, 23)


def post(client, address, **fields):
    return client.post(address, {"key": str(uuid.uuid4()), **fields})


def free_unit(office="kreuz", domain="childcare", at_least=1, but=(), besides=None):
    from vorort.ledger import occupancy
    from vorort.web import bridge
    from vorort.web.town.models import Unit

    found = occupancy(bridge.whole_ledger(), TODAY, today=TODAY).units
    mine = Unit.objects.filter(facility__owner__key=office, domain=domain).exclude(key__in=but)
    mine = mine.exclude(facility=besides) if besides else mine
    return next(u for u in mine if found[u.key].free >= at_least)


def a_child(protected=False):
    """A child that waits for childcare, its household and its stay."""
    from vorort.web.intake.models import Name
    from vorort.web.placing.models import Stay

    stay = Stay.objects.filter(
        domain="childcare", status="requested", unit__isnull=True,
        person__membership__household__protected=False,
        person__membership__household__responsible="sozialamt",
        person__requests__isnull=True,
    ).first()  # fmt: skip
    person = stay.person
    Name.objects.create(person=person, family="Yilvantis", given="Sami", sound="j s")
    home = person.membership_set.get(member_until__isnull=True).household
    if protected:
        home.protected = True
        home.save()
    return person, home, stay


def ask(browse, unit, role="belegung", **changes):
    from vorort.web.requests.models import Request

    person, home, stay = a_child(**changes)
    answer = post(browse(role), f"/haushalte/{home.key}/anfragen/", person=person.key,
                  unit=unit.key, due="2026-11-30", **{"from": "2026-12-01"})  # fmt: skip
    assert answer.status_code == 302, re.findall(r"<li>[^<]+", answer.content.decode())
    return Request.objects.get(person=person), home, stay


def row_of(client, number):
    text = client.get("/anfragen/?stand=all").content.decode()
    return re.search(rf'<tr id="a-{number}">.*?</tr>', text, re.S)[0]


def test_the_owner_says_yes_and_learns_the_name_only_then(browse):
    from vorort.ledger import occupancy
    from vorort.web import bridge
    from vorort.web.accounts.models import Transfer
    from vorort.web.placing.models import Stay, StayOld

    unit = free_unit()
    before = occupancy(bridge.whole_ledger(), TODAY + timedelta(10), today=TODAY).units[unit.key]
    row, home, stay = ask(browse, unit)
    owner = browse("kita")
    shown = row_of(owner, row.pk)
    assert "Yilvantis" not in shown and row.person.key not in shown and home.key not in shown
    assert post(owner, f"/anfragen/{row.pk}/antwort/", what="confirm").status_code == 302
    now = Stay.objects.get(pk=stay.pk)
    assert (now.status, now.unit, now.from_on) == ("confirmed", unit, date(2026, 12, 1))
    assert StayOld.objects.filter(stay=stay, status="requested").exists(), "nothing overwritten"
    after = occupancy(bridge.whole_ledger(), TODAY + timedelta(10), today=TODAY).units[unit.key]
    assert after.used == before.used + 1
    assert "Sami Yilvantis" in row_of(owner, row.pk)
    told = Transfer.objects.filter(subject=row.person).order_by("pk")
    assert [(t.to_office.key, t.ground, t.fields) for t in told] == [
        ("kreuz", "request", "age sex area from"), ("kreuz", "confirmed", "name born"),
    ]  # fmt: skip
    looks = browse("revision").get(f"/protokoll/einsicht/?haushalt={row.person.key}")
    assert "Träger Kreuz und Kinder" in looks.content.decode()
    assert "zugesagt" in browse("belegung").get(f"/haushalte/{home.key}/").content.decode()


def test_a_refusal_touches_neither_the_home_nor_the_waiting(browse):
    from vorort.web import bridge
    from vorort.web.requests.models import Request

    row, home, _ = ask(browse, free_unit())
    before = bridge.whole_ledger().placements
    owner = browse("kita")
    assert post(owner, f"/anfragen/{row.pk}/antwort/", what="refuse").status_code == 409
    assert Request.objects.get(pk=row.pk).status == "open", "a refusal needs its reason"
    post(owner, f"/anfragen/{row.pk}/antwort/", what="refuse", reason="full", note="im Mai wieder")
    assert bridge.whole_ledger().placements == before
    page = browse("belegung").get(f"/haushalte/{home.key}/").content.decode()
    assert "abgelehnt: kein Platz frei" in page and "im Mai wieder" in page
    assert post(owner, f"/anfragen/{row.pk}/antwort/", what="confirm").status_code == 409


def test_a_counter_offer_holds_once_the_asker_takes_it(browse):
    from vorort.web.placing.models import Stay
    from vorort.web.requests.models import Request

    unit = free_unit()
    other = free_unit(but=[unit.key])
    row, _, stay = ask(browse, unit)
    owner, asker = browse("kita"), browse("belegung")
    same = post(owner, f"/anfragen/{row.pk}/antwort/", what="counter", unit=unit.key,
                due="2026-12-01", **{"from": "2026-12-01"})  # fmt: skip
    assert same.status_code == 409
    sent = {"from": "2027-01-04", "due": "2026-12-10"}
    done = post(owner, f"/anfragen/{row.pk}/antwort/", what="counter", unit=other.key, **sent)
    assert done.status_code == 302
    assert Stay.objects.get(pk=stay.pk).status == "requested", "an offer is no place yet"
    assert "Gegenangebot wartet" in asker.get("/heute/").content.decode()
    assert post(asker, f"/anfragen/{row.pk}/ende/", what="accept").status_code == 302
    now = Stay.objects.get(pk=stay.pk)
    assert (now.status, now.unit, now.from_on) == ("confirmed", other, date(2027, 1, 4))
    assert Request.objects.get(pk=row.pk).status == "confirmed"
    assert post(asker, f"/anfragen/{row.pk}/ende/", what="withdraw").status_code == 409


def test_only_the_owner_answers_and_only_the_asker_withdraws(browse):
    row, _, _ = ask(browse, free_unit())
    stranger = browse("jugendamt")
    assert f'id="a-{row.pk}"' not in stranger.get("/anfragen/?stand=all").content.decode()
    for what in ("confirm", "refuse", "counter"):
        assert post(stranger, f"/anfragen/{row.pk}/antwort/", what=what).status_code == 404
        answer = post(browse("belegung"), f"/anfragen/{row.pk}/antwort/", what=what)
        assert answer.status_code == 404
    assert post(stranger, f"/anfragen/{row.pk}/ende/", what="withdraw").status_code == 404
    assert post(browse("kita"), f"/anfragen/{row.pk}/ende/", what="withdraw").status_code == 403
    assert post(browse("belegung"), f"/anfragen/{row.pk}/ende/", what="withdraw").status_code == 302


def test_a_yes_beyond_the_places_is_refused_with_its_reason(browse):
    from vorort.web.placing.models import Stay
    from vorort.web.requests.models import Request
    from vorort.web.town.models import Unit

    unit = free_unit()
    row, _, stay = ask(browse, unit)
    used = Stay.objects.filter(unit=unit, status__in=("held", "confirmed", "moved_in", "absent"))
    Unit.objects.filter(pk=unit.pk).update(places=used.count())
    answer = post(browse("kita"), f"/anfragen/{row.pk}/antwort/", what="confirm")
    assert answer.status_code == 409 and unit.key in answer.content.decode()
    assert Request.objects.get(pk=row.pk).status == "open"
    assert Stay.objects.get(pk=stay.pk).status == "requested"


def test_the_same_request_twice_is_one_and_a_second_one_waits_for_the_first(browse):
    from vorort.web.requests.models import Request

    unit, (person, home, _) = free_unit(), a_child()
    client, address = browse("belegung"), f"/haushalte/{home.key}/anfragen/"
    sent = {"key": str(uuid.uuid4()), "person": person.key, "unit": unit.key,
            "from": "2026-12-01", "due": "2026-11-30"}  # fmt: skip
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert Request.objects.filter(person=person).count() == 1
    again = client.post(address, {**sent, "key": str(uuid.uuid4())})
    assert again.status_code == 409 and "läuft schon eine Anfrage" in again.content.decode()
    late = client.post(address, {**sent, "key": str(uuid.uuid4()), "due": "2026-11-01"})
    assert late.status_code == 409


def test_where_a_protected_child_sleeps_goes_to_nobody(browse):
    from vorort.web.accounts.models import Transfer

    unit = free_unit()
    row, home, _ = ask(browse, unit, role="schutz", protected=True)
    assert "Mitte" not in row_of(browse("kita"), row.pk).split("Jahre")[1].split("</td>")[0]
    assert Transfer.objects.get(subject=row.person).fields == "age sex from"
    assert home.key not in browse("belegung").get("/anfragen/?stand=all").content.decode()


def test_only_what_the_ground_allows_goes_out_and_it_is_written_down(browse):
    from vorort.web.accounts.models import Transfer
    from vorort.web.intake.models import Household, LegalBasis, Need
    from vorort.web.placing.models import Stay

    client = browse("belegung")
    stay = Stay.objects.filter(
        unit__facility__key="GU-ZIE", status="moved_in", until__isnull=True,
        person__membership__household__responsible="sozialamt",
        person__legalbasis__name="asylum_seeker",
    ).first()  # fmt: skip
    person, home = stay.person, stay.person.membership_set.get().household
    Need.objects.create(person=person, code="own_bath", since=TODAY, expires=date(2027, 1, 1))
    assert LegalBasis.objects.filter(person=person).exists()
    address = f"/haushalte/{home.key}/weitergeben/"
    wrong = post(client, address, to="status vhs", person=person.key)
    assert wrong.status_code == 409, "a language school gets no legal basis"
    sheet = post(client, address, to="status auslaenderbehoerde", person=person.key)
    text = sheet.content.decode()
    assert sheet.status_code == 200 and "Asylverfahren" in text and "Bad" not in text
    told = Transfer.objects.get(subject=person)
    assert told.fields == "name born sex address arrived_on legal"
    from vorort.web.accounts.transfers import BY_REQUEST, FIELDS, GROUNDS

    assert {f for g in GROUNDS.values() for f in g.fields} <= set(FIELDS)
    assert not {"needs", "health", "note"} & {f for g in GROUNDS.values() for f in g.fields}
    assert not set(GROUNDS) & set(BY_REQUEST)
    Household.objects.filter(pk=home.pk).update(protected=True)
    sheet = post(browse("schutz"), address, to="status auslaenderbehoerde", person=person.key)
    assert "Ziegelhof" in text and "Ziegelhof" not in sheet.content.decode()
    assert "address" not in Transfer.objects.filter(subject=person).last().fields


def test_a_hold_on_another_offices_bed_is_a_request_to_it(browse):
    from vorort.web.placing.models import Stay
    from vorort.web.requests.models import Request
    from vorort.web.town.models import Office, Site, Unit

    site = Site.objects.get(key="HO-KRO")
    site.owner = Office.objects.get(key="gebaeude")
    site.save()
    stay = Stay.objects.filter(domain="accommodation", status="confirmed").first()
    home = stay.person.membership_set.get().household
    Stay.objects.filter(pk=stay.pk).update(status="cancelled")
    client = browse("belegung")
    unit = next(u for u in Unit.objects.filter(facility=site) if u.sex in (None, stay.person.sex)
                and not Stay.objects.filter(unit=u).exclude(status="ended").exists())  # fmt: skip
    answer = post(client, f"/haushalte/{home.key}/vormerken/", units=unit.key,
                  expires="2026-11-25", until="2026-12-23",
                  **{"from": "2026-11-23"})  # fmt: skip
    assert answer.status_code == 302, re.findall(r"<li>[^<]+", answer.content.decode())
    row = Request.objects.get()
    assert (row.owner.key, row.unit, row.due) == ("gebaeude", unit, date(2026, 11, 25))


def goes_to(office, site):
    """A colleague who keeps everybody's places gives a site to an office."""
    from vorort.web.accounts.models import Grant, Role, User
    from vorort.web.accounts.rights import PLACES_EDIT
    from vorort.web.town import actions

    planner = User.objects.get(username="planung")
    Grant.objects.update_or_create(
        role=Role.objects.get(key="planung"), right=PLACES_EDIT,
        defaults={"own_office_only": False},
    )  # fmt: skip
    site.refresh_from_db()
    seen = actions.seen_of(site)
    return actions.save_site(
        planner, uuid.uuid4(), {"owner": office}, {}, site=site.key, seen=seen
    ).act


def test_a_site_goes_to_another_office_and_with_it_what_is_asked_for_its_places(browse):
    from vorort.web.accounts.models import ActValue, Transfer
    from vorort.web.placing.models import Stay

    unit = free_unit()
    row, home, stay = ask(browse, unit)
    other, _, _ = ask(browse, free_unit(besides=unit.facility))
    old, new, asker = browse("kita"), browse("jugendamt"), browse("belegung")
    act = goes_to("jugendamt", unit.facility)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.owner.key, row.status, row.answered_by) == ("jugendamt", "open", None)
    assert other.owner.key == "kreuz", "of its other sites the old office decides"
    assert f'id="a-{row.pk}"' not in old.get("/anfragen/?stand=all").content.decode()
    for what in ("confirm", "refuse", "counter"):
        answer = post(old, f"/anfragen/{row.pk}/antwort/", what=what, reason="full")
        assert answer.status_code == 404, what
    told = "ging mit dem Standort über von Träger Kreuz und Kinder an"
    for page in (
        asker.get("/anfragen/"),
        asker.get(f"/haushalte/{home.key}/"),
        new.get("/anfragen/"),
    ):
        assert told in page.content.decode()
    assert "Yilvantis" not in row_of(new, row.pk), "the new office learns no more than the old one"
    went = Transfer.objects.filter(subject=row.person).order_by("pk")
    assert [(t.to_office.key, t.ground) for t in went] == [
        ("kreuz", "request"), ("jugendamt", "request"),
    ]  # fmt: skip
    noted = ActValue.objects.get(act=act, table="request", row=str(row.pk), subject=row.person)
    assert (noted.field, noted.old, noted.new) == ("owner", "kreuz", "jugendamt")
    assert post(new, f"/anfragen/{row.pk}/antwort/", what="confirm").status_code == 302
    assert Stay.objects.get(pk=stay.pk).unit == unit
    # given back: what is answered stays as it is, what is open goes back
    goes_to("kreuz", unit.facility)
    row.refresh_from_db()
    assert (row.owner.key, row.status) == ("jugendamt", "confirmed")


def test_what_the_old_office_had_to_do_at_the_site_the_new_one_has_to_do(browse):
    from vorort.web.accounts.models import ActValue, User
    from vorort.web.tasks.models import Task
    from vorort.web.town import turnaround
    from vorort.web.town.models import Office, Unit

    unit = Unit.objects.filter(domain="accommodation", facility__owner__key="sozialamt").first()
    site, new = unit.facility, "jugendamt"
    actor, third = User.objects.get(username="belegung"), Office.objects.get(key="gebaeude")
    for kind, office in (("cleaning", None), ("repair", third)):
        turnaround.begin(actor, uuid.uuid4(), [unit.key], [kind], TODAY, None, office, "")
    cleaning, repair = Task.objects.filter(unit=unit, done_by=None).order_by("kind")
    assert (cleaning.office, repair.office) == (site.owner, third)
    act = goes_to(new, site)
    cleaning.refresh_from_db()
    repair.refresh_from_db()
    assert (cleaning.office.key, repair.office) == (new, third)
    told = ActValue.objects.get(act=act, table="task")
    assert (told.row, told.old, told.new) == (str(cleaning.pk), "sozialamt", new)
    address = f"/aufgaben/{cleaning.pk}/erledigen/"
    assert address in browse(new).get("/aufgaben/").content.decode()
    assert post(browse(new), address, reason="done").status_code == 302
    cleaning.refresh_from_db()
    assert cleaning.done_by is not None


def test_an_offer_of_a_place_that_is_its_makers_no_longer_is_no_offer_and_the_other_way_stays(
    browse,
):
    from vorort.web.requests.models import Request

    unit = free_unit()
    row, home, _ = ask(browse, unit)
    owner, asker = browse("kita"), browse("belegung")
    offer = {"from": "2027-01-04", "due": "2026-11-25"}
    post(owner, f"/anfragen/{row.pk}/antwort/", what="counter", unit=unit.key, **offer)
    second = free_unit(besides=unit.facility)
    stays, _, _ = ask(browse, unit)
    post(owner, f"/anfragen/{stays.pk}/antwort/", what="counter", unit=second.key, **offer)
    back, _, _ = ask(browse, second)
    post(owner, f"/anfragen/{back.pk}/antwort/", what="counter", unit=unit.key, **offer)
    goes_to("jugendamt", unit.facility)
    found = {r.pk: r for r in Request.objects.all()}
    fallen, kept, back = (found[r.pk] for r in (row, stays, back))
    assert (fallen.status, fallen.owner.key, fallen.offer_unit) == ("open", "jugendamt", None)
    assert fallen.due == TODAY + timedelta(days=7), "there is time to answer"
    assert (kept.status, kept.owner.key, kept.offer_unit) == ("countered", "kreuz", second)
    assert (back.status, back.owner.key, back.offer_unit) == ("open", "kreuz", None)
    assert (
        "das Gegenangebot gilt nicht mehr" in asker.get(f"/haushalte/{home.key}/").content.decode()
    )
    assert post(asker, f"/anfragen/{row.pk}/ende/", what="accept").status_code in (404, 409)
    assert post(asker, f"/anfragen/{stays.pk}/ende/", what="accept").status_code == 302


def test_a_protected_childs_area_goes_to_the_new_office_neither(browse):
    from vorort.web.accounts.models import Transfer

    unit = free_unit()
    row, _, _ = ask(browse, unit, role="schutz", protected=True)
    goes_to("jugendamt", unit.facility)
    told = Transfer.objects.filter(subject=row.person).order_by("pk")
    assert [(t.to_office.key, t.fields) for t in told] == [
        ("kreuz", "age sex from"), ("jugendamt", "age sex from"),
    ]  # fmt: skip


def test_who_asked_and_now_owns_the_place_answers_itself_and_tells_nobody(browse):
    from vorort.web.accounts.models import Transfer

    unit = free_unit()
    row, _, _ = ask(browse, unit)
    goes_to("sozialamt", unit.facility)
    assert Transfer.objects.filter(subject=row.person).count() == 1
    done = post(browse("belegung"), f"/anfragen/{row.pk}/antwort/", what="confirm")
    assert done.status_code == 302


def test_an_answer_on_its_way_while_the_site_goes_over_is_refused(browse):
    import pytest

    from vorort.problems import Refused
    from vorort.web.accounts.models import User
    from vorort.web.requests import actions
    from vorort.web.requests.models import Request

    unit = free_unit()
    row, _, _ = ask(browse, unit)
    old = User.objects.get(username="kita")  # has opened the page before
    goes_to("jugendamt", unit.facility)
    for answer in (
        lambda: actions.confirm(old, uuid.uuid4(), row.pk, unit, date(2026, 12, 1)),
        lambda: actions.refuse(old, uuid.uuid4(), row.pk, "full", ""),
        lambda: actions.counter(old, uuid.uuid4(), row.pk, unit, date(2027, 1, 1), TODAY),
    ):
        with pytest.raises(Refused, match="gehört inzwischen"):
            answer()
    assert Request.objects.get(pk=row.pk).status == "open"
