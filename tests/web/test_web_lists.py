"""Lists in: staged, shown, applied as a whole, taken back; lists out: safe, with a purpose."""

import io
import re
import uuid
from datetime import date

import pytest

TODAY = date(2026, 11, 23)
HEAD = "Nr;Familie;Name;Vorname;Geb.-Datum;Geschl.;Zimmer;Einzug;Status"
TEN_FAULTS = "\r\n".join([
    "Bewohnerliste Sozialamt, Stand November", "", HEAD,
    "1;F1;Kastan;Amira;12.03.1992;w;GU-ZIE-099;23.11.2026;Asyl",  # no such unit
    "2;F1;Kastan;Sami;31.02.2015;m;{unit};23.11.2026;Asyl",  # no such day
    "3;F2;;Taras;1988;m;{unit};23.11.2026;§ 24",  # no family name
    "4;F3;Ostrenko;Iryna;1990;q;{unit};23.11.2026;§ 24",  # no such sex
    "5;F3;Ostrenko;Daria;1960;w;{unit};morgen;§ 24",  # no such day
    "6;F4;Malik;Nuri;2050;m;{unit};23.11.2026;Asyl",  # not born yet
    "6;F4;Malik;Rana;1999;w;{unit};23.11.2026;Asyl",  # the same number again
    "8;F5;Levan;Adam;1970;m;KI-05-U3;23.11.2026;Asyl",  # no beds there
    "9;F6;Rosal;Emil;1980;m;{unit};23.11.2026;Quatsch",  # no such group
    "10;F7;Gorova;Tala;abc;w;{unit};23.11.2026;Asyl",  # unreadable
    "11;F8;Hadun;Samiha;1985;w;{unit};20.11.2026;Asyl",
    "12;F8;Hadun;Jonas;2016;m;{unit};20.11.2026;Asyl",
    "",
])  # fmt: skip


def a_unit(at_least=4):
    from vorort.ledger import occupancy
    from vorort.web import bridge

    found = occupancy(bridge.whole_ledger(), TODAY, today=TODAY).units
    return next(u for u, s in found.items() if u.startswith("GU-") and s.free >= at_least)


def post(client, address, **fields):
    return client.post(address, {"key": str(uuid.uuid4()), **fields})


def upload(client, content, name="liste-erfunden.csv", kind="residents"):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = name
    return client.post("/listen/einlesen/", {"kind": kind, "file": file})


def batch_of(answer):
    assert answer.status_code == 302, re.findall(r"<li>[^<]+", answer.content.decode())
    return answer.url


def people_named(*families):
    from vorort.web.intake.models import Name

    return Name.objects.filter(family__in=families).order_by("id")


def mended_text(rows, unit):
    """The file of the ten faults as a clerk sends it back: each cell put right."""
    mended = {1: unit, 2: "28.02.2015", 3: "Levanow", 4: "w", 5: "23.11.2026", 6: "2005", 8: unit,
              9: "Asyl", 10: "1991"}  # fmt: skip
    columns = {1: 6, 2: 4, 3: 2, 4: 5, 5: 7, 6: 4, 8: 6, 9: 8, 10: 4}
    lines = [";".join(rows[0])]
    for n, row in enumerate(rows[1:], 1):
        cells = [str(c) for c in row]
        if n in mended:
            cells[columns[n]] = mended[n]
        if n == 7:
            cells[0] = "7"
        lines.append(";".join(cells))
    return "\n".join(lines)


def test_a_list_with_ten_faults_is_mended_and_read_in_again(browse):
    from python_calamine import CalamineWorkbook

    from vorort.web.placing.models import Stay

    client, unit = browse("belegung"), a_unit()
    address = batch_of(upload(client, TEN_FAULTS.format(unit=unit)))
    page = client.get(address).content.decode()
    assert "12 Zeilen: 2 neu" in page and "10 fehlerhaft" in page
    assert "Einheit „GU-ZIE-099“ gibt es nicht" in page and "Steht schon in Zeile 9" in page
    assert not people_named("Hadun").exists(), "nothing is written before it is applied"
    assert post(client, address + "uebernehmen/", what="apply").status_code == 302
    assert [str(n) for n in people_named("Hadun")] == ["Samiha Hadun", "Jonas Hadun"]
    home = people_named("Hadun")[0].person.membership_set.get().household.key
    assert f"/haushalte/{home}/" in client.get(address).content.decode(), "what came of it"
    stays = Stay.objects.filter(unit__key=unit, person__names__family="Hadun")
    assert {(s.status, s.from_on) for s in stays} == {("moved_in", date(2026, 11, 20))}
    faults = client.get(address + "fehler.xlsx")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(faults.content)).get_sheet_by_index(0).to_python()
    )
    assert rows[0][-1] == "Beanstandung" and len(rows) == 11
    again = batch_of(upload(client, mended_text(rows, unit)))
    assert "10 Zeilen: 10 neu" in client.get(again).content.decode()
    assert post(client, again + "uebernehmen/", what="apply").status_code == 302
    assert (
        people_named("Kastan", "Levanow", "Ostrenko", "Malik", "Levan", "Rosal", "Gorova").count()
        == 10
    )
    from vorort.ledger import occupancy
    from vorort.web import bridge

    state = occupancy(bridge.whole_ledger(), TODAY, today=TODAY).units[unit]
    assert state.used == 12 and state.over == 12 - state.open, "an overfull real list is a state"


def test_the_same_list_twice_changes_nothing(browse):
    from vorort.web.intake.models import Person

    client, unit = browse("belegung"), a_unit()
    text = f"{HEAD}\n1;F1;Kastan;Amira;12.03.1992;w;{unit};23.11.2026;Asyl\n"
    post(client, batch_of(upload(client, text)) + "uebernehmen/", what="apply")
    before = Person.objects.count()
    address = batch_of(upload(client, text))
    assert "0 neu, 1 schon da" in client.get(address).content.decode()
    post(client, address + "uebernehmen/", what="apply")
    assert Person.objects.count() == before
    without = "Name;Vorname;geboren\nQastan;Ameera;12.03.1992\nKastan;Amira;1992\n"
    page = client.get(batch_of(upload(client, without))).content.decode()
    assert "1 schon da" in page and "1 vielleicht schon da" in page


def test_a_doubtful_row_is_somebody_else_only_if_said_so(browse):
    client = browse("belegung")
    first = "Name;Vorname;geboren\nKastan;Amira;12.03.1992\n"
    post(client, batch_of(upload(client, first)) + "uebernehmen/", what="apply")
    doubtful = "Name;Vorname;geboren\nKastan;Amira;1992\n"
    address = batch_of(upload(client, doubtful))
    post(client, address + "uebernehmen/", what="apply")
    assert people_named("Kastan").count() == 1
    address = batch_of(upload(client, doubtful))
    assert client.post(address + "zeile/", {"row": "2", "choice": "new"}).status_code == 302
    post(client, address + "uebernehmen/", what="apply")
    assert people_named("Kastan").count() == 2


def test_the_button_says_how_many_rows_go_in(browse):
    client = browse("belegung")
    text = f"{HEAD}\n1;F1;Kastan;Amira;12.03.1992;w;;;Asyl\n"
    address = batch_of(upload(client, text))
    assert "1 neue Zeile übernehmen" in client.get(address).content.decode()
    post(client, address + "uebernehmen/", what="apply")
    other = text.replace("\n1;", "\n9;").replace("12.03.1992", "1992")
    again = batch_of(upload(client, other))
    page = client.get(again).content.decode()
    assert "0 neu" in page and "übernehmen</button>" not in page
    if "1 vielleicht schon da" in page:
        client.post(again + "zeile/", {"row": "2", "choice": "new"})
        assert "1 neue Zeile übernehmen" in client.get(again).content.decode()


def test_an_applied_list_is_taken_back_but_for_what_was_touched(browse):
    from vorort.web.intake.models import Household, Person

    client, unit = browse("belegung"), a_unit()
    before = Person.objects.count(), Household.objects.count()
    text = (f"{HEAD}\n1;F1;Kastan;Amira;1992;w;{unit};23.11.2026;Asyl\n"
            f"2;F2;Ostrenko;Taras;1988;m;;;\n")  # fmt: skip
    address = batch_of(upload(client, text))
    post(client, address + "uebernehmen/", what="apply")
    touched = people_named("Ostrenko").get().person
    home = touched.membership_set.get().household.key
    post(client, f"/haushalte/{home}/personen/{touched.key}/facts/", born="1987", sex="m")
    page = post(client, address + "uebernehmen/", what="undo").content.decode()
    assert touched.key in page
    assert (Person.objects.count(), Household.objects.count()) == (before[0] + 1, before[1] + 1)
    assert post(client, address + "uebernehmen/", what="undo").status_code == 409


def test_columns_are_named_by_hand_and_remembered(browse):
    client = browse("belegung")
    text = "Wer;Wie;Wann\nKastan;Amira;1992\n"
    address = batch_of(upload(client, text))
    page = client.get(address)
    assert "Keine Spalte für: Familienname" in page.content.decode()
    client.post(address + "spalten/", {"family": "0", "given": "1", "born": "2", "sex": "99"})
    assert "1 neu" in client.get(address).content.decode()
    again = client.get(batch_of(upload(client, text.replace("Kastan", "Melnyk"))))
    assert "1 neu" in again.content.decode() and "Keine Spalte" not in again.content.decode()


@pytest.mark.parametrize("kind", ["residents", "announcements", "units", "seats"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_template_reads_back_whole(browse, kind, form):
    client = browse("belegung")
    file = client.get(f"/listen/vorlage/{kind}/?als={form}")
    name = re.search(r'filename="([^"]+)"', file.headers["Content-Disposition"])[1]
    page = client.get(batch_of(upload(client, file.content, name, kind))).content.decode()
    if kind == "seats":  # its group is one of another town
        assert "1 fehlerhaft" in page or "1 neu" in page
    else:
        assert "0 fehlerhaft" in page and "Keine Spalte" not in page


def test_announcements_and_units_come_in_and_announcements_go_out_again(browse):
    from vorort.web.town.models import Announcement, Unit

    client = browse("belegung")
    before = Announcement.objects.count()
    text = ("Zuweisungsliste\nAnkunft;Anzahl;Alter;Status\n"
            "30.11.2026;4;34 31 6 2;§ 24\n1.12.26;2;;Asyl\n")  # fmt: skip
    address = batch_of(upload(client, text, kind="announcements"))
    post(client, address + "uebernehmen/", what="apply")
    assert Announcement.objects.count() == before + 2
    row = Announcement.objects.get(expected_on=date(2026, 11, 30), persons=4, ages="34 31 6 2")
    assert (row.kind, row.group) == ("family", "temporary")
    post(client, address + "uebernehmen/", what="undo")
    assert Announcement.objects.count() == before
    text = (
        "Unterkunft;Zimmer;Betten;barrierefrei\nZiegelhof;GU-ZIE-900;3;ja\nGU-ZIE;GU-ZIE-901;2;\n"
    )
    address = batch_of(upload(client, text, kind="units"))
    post(client, address + "uebernehmen/", what="apply")
    made = Unit.objects.filter(key__in=("GU-ZIE-900", "GU-ZIE-901")).order_by("key")
    assert [(u.places, u.access) for u in made] == [(3, True), (2, None)]


def test_a_demo_takes_invented_lists_only(browse):
    answer = upload(browse("belegung"), "Name\nKastan\n", name="bewohner.csv")
    assert answer.status_code == 409 and "keine echten Listen" in answer.content.decode()


def test_cells_of_people_are_gone_once_a_list_is_applied_or_dropped(browse):
    from vorort.web.lists.models import Line

    client = browse("belegung")
    for what in ("apply", "drop"):
        address = batch_of(upload(client, "Name;Vorname\nXylofantow;Qwertina\n"))
        assert Line.objects.filter(cells__contains="Xylofantow").exists()
        post(client, address + "uebernehmen/", what=what)
        assert not Line.objects.filter(cells__contains="Xylofantow").exists()


def test_the_same_click_twice_applies_once(browse):
    client = browse("belegung")
    address = batch_of(upload(client, "Name;Vorname\nKastan;Amira\n"))
    sent = {"key": str(uuid.uuid4()), "what": "apply"}
    assert [client.post(address + "uebernehmen/", sent).status_code for _ in range(2)] == [302, 302]
    assert people_named("Kastan").count() == 1


def test_exports_ask_for_a_purpose_and_hide_what_a_role_does_not_see(browse):
    from vorort.web.lists.models import Export

    schutz, clerk = browse("schutz"), browse("belegung")
    assert post(clerk, "/listen/ausgeben/residents/", als="csv").status_code == 409
    sent = {"purpose": "emergency", "als": "csv"}
    seen = {r: post(browse(r), "/listen/ausgeben/residents/", **sent).content.decode("utf-8-sig")
            for r in ("schutz", "belegung")}  # fmt: skip
    assert "H-0828" in seen["schutz"] and "H-0828" not in seen["belegung"]
    assert "belegt" in seen["belegung"]
    assert seen["schutz"].count("\n") == seen["belegung"].count("\n")
    rows = Export.objects.order_by("id")
    assert [(e.what, e.purpose) for e in rows] == [("residents", "emergency")] * 2
    assert post(browse("jugendamt"), "/listen/ausgeben/board/", **sent).status_code == 404
    from vorort.web.lists.out import OUT

    for what in OUT:
        reader = browse("revision") if what == "audit" else schutz
        for form in ("csv", "xlsx"):
            answer = post(reader, f"/listen/ausgeben/{what}/", purpose="check", als=form)
            assert answer.status_code == 200 and len(answer.content) > 40, what


def test_what_goes_out_is_what_the_page_shows_and_names_are_a_look(browse):
    from vorort.web.accounts.models import ReadLog
    from vorort.web.intake.models import Name, Person

    clerk = browse("belegung")
    sent = {"purpose": "check", "als": "csv"}
    page = clerk.get("/fristen/?frist=school&stand=overdue").content.decode()
    count = int(re.search(r"(\d+) Fristen", page)[1])
    out = post(clerk, "/listen/ausgeben/dates/?frist=school&stand=overdue&sort=-tag", **sent)
    lines = out.content.decode("utf-8-sig").splitlines()[1:]
    assert len(lines) == count > 3 and all("Schulpflicht" in x for x in lines)
    days = [date(*map(int, x.split(";")[0].split(".")[::-1])) for x in lines]
    assert days == sorted(days, reverse=True)
    assert not ReadLog.objects.exists(), "numbers alone are no look at anybody"
    person = Person.objects.get(membership__household__key="H-0002")
    Name.objects.create(person=person, family="Kastan", given="Amira", sound="kstn")
    post(clerk, "/listen/ausgeben/households/?q=h-0002", **sent)
    post(browse("jugendamt"), "/listen/ausgeben/households/", **sent)
    assert [(r.subject, r.purpose_code, r.actor.username) for r in ReadLog.objects.all()] == [
        (person, "export.check", "belegung")
    ]


@pytest.mark.parametrize("name", ["tag", "-tag", "frist", "-person", "stelle"])
def test_a_table_sorts_by_its_headings_and_what_is_unknown_stands_last(browse, name):
    from vorort.web.accounts.models import User
    from vorort.web.deadlines.queries import COLUMNS, dues_for, lines
    from vorort.web.tables import ordered_rows

    dues = dues_for(User.objects.select_related("office").get(username="belegung"), TODAY)
    shown = lines(ordered_rows({"sort": name}, dues, COLUMNS), TODAY)
    part = {"tag": "day", "frist": "rule", "person": "subject", "stelle": "office"}
    values = [getattr(x.deadline, part[name.lstrip("-")]) for x in shown]
    known = [v for v in values if v is not None]
    assert values[: len(known)] == sorted(known, reverse=name.startswith("-"))
    assert len(values) == dues.count() > 100
    page = browse("belegung").get(f"/fristen/?sort={name}&stand=overdue").content.decode()
    order = "descending" if name.startswith("-") else "ascending"
    assert page.count(f'aria-sort="{order}"') == 1 and "stand=overdue" in page


def test_no_cell_is_a_formula(browse):
    from vorort.web.lists.sheets import as_csv, safe

    for bad in ("=1+1", "+49", "-2", "@SUM", "\tx"):
        assert not str(safe(bad)).startswith(("=", "+", "-", "@", "\t"))
    assert b"'=1" in as_csv(["a"], [["=1"]])
    assert safe(-3) == -3


def test_units_and_reports_are_taken_back_but_for_what_was_used_since(browse):
    from vorort.ledger import occupancy
    from vorort.web import bridge
    from vorort.web.town.models import CapacityEvent, Unit

    clerk, owner = browse("belegung"), browse("schutz")
    text = ("Standort;Einheit;Plätze;Fläche\n"
            "GU-ZIE;GU-ZIE-901;4;32,5\nGU-ZIE;GU-ZIE-902;2;1.032,9 m²\n")  # fmt: skip
    address = batch_of(upload(clerk, text, kind="units"))
    assert post(clerk, address + "uebernehmen/", what="apply").status_code == 302
    areas = dict(Unit.objects.filter(key__startswith="GU-ZIE-90").values_list(
        "key", "floor_area_m2"))  # fmt: skip
    assert areas == {"GU-ZIE-901": 32, "GU-ZIE-902": 1032}
    CapacityEvent.objects.create(target="GU-ZIE-901", key="x", date=TODAY, kind="block",
                                 status="decided", reason="repair: Rohrbruch")  # fmt: skip
    page = post(clerk, address + "uebernehmen/", what="undo")
    left = set(Unit.objects.filter(key__startswith="GU-ZIE-90").values_list("key", flat=True))
    assert left == {"GU-ZIE-901"} and "GU-ZIE-901" in page.content.decode()

    def places(key):
        return occupancy(bridge.whole_ledger(), TODAY, today=TODAY).units[key].nominal

    unit = Unit.objects.filter(domain="accommodation", facility__owner__key="sozialamt").first()
    before, figures = places(unit.key), (unit.reported_on, unit.reported_by)
    text = f"Gruppe;Plätze;Stand\n{unit.key};{before + 3};23.11.2026\n"
    address = batch_of(upload(owner, text, kind="seats"))
    post(owner, address + "uebernehmen/", what="apply")
    assert places(unit.key) == before + 3
    again = owner.get(batch_of(upload(owner, text, kind="seats"))).content.decode()
    assert "0 neu, 1 schon da" in again, "the same figure of the same day is the same"
    assert "Dieselbe Datei wurde schon übernommen" in again
    old = f"Gruppe;Plätze;Stand\n{unit.key};1;01.01.2026\n"
    assert "Älter als die Meldung" in owner.get(
        batch_of(upload(owner, old, kind="seats"))).content.decode()  # fmt: skip
    post(owner, address + "uebernehmen/", what="undo")
    unit.refresh_from_db()
    assert places(unit.key) == before and (unit.reported_on, unit.reported_by) == figures


def test_an_announcement_somebody_has_registered_stays_when_the_list_is_taken_back(browse):
    from vorort.web.intake.models import Household
    from vorort.web.town.models import Announcement

    client = browse("belegung")
    text = "Nr;erwartet am;Personen\nZ1;30.11.2026;3\nZ2;01.12.2026;2\n"
    address = batch_of(upload(client, text, kind="announcements"))
    post(client, address + "uebernehmen/", what="apply")
    first, second = Announcement.objects.filter(source__startswith="import").order_by("expected_on")
    Household.objects.filter(key="H-0002").update(announced_id=first.key)
    page = post(client, address + "uebernehmen/", what="undo").content.decode()
    assert first.key in page and second.key not in page
    left = Announcement.objects.filter(source__startswith="import")
    assert [a.key for a in left] == [first.key]


def test_a_file_of_faults_says_why_also_after_the_good_rows_are_in(browse):
    from python_calamine import CalamineWorkbook

    client = browse("belegung")
    text = f"{HEAD}\n1;F1;Kastan;Amira;12.03.1992;w;;;Asyl\n2;F1;Kastan;Sami;31.02.2015;m;;;Asyl\n"
    address = batch_of(upload(client, text))
    post(client, address + "uebernehmen/", what="apply")
    content = client.get(address + "fehler.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2 and "31.02.2015" in rows[1] and "nicht lesbar" in rows[1][-1]


def empty_register():
    """Nobody and nothing on record any more but the Kommune, its offices and logins."""
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM lists_export")
    for table in ("placing.StayOld", "placing.Stay", "intake.Household", "intake.Person",
                  "town.Unit", "town.Site", "town.Announcement"):  # fmt: skip
        apps.get_model(table).objects.all().delete()


def test_the_register_goes_out_as_a_folder_and_into_an_empty_one_with_the_same_results(
    browse, tmp_path
):
    import zipfile

    from vorort.files import read_scenario, write_scenario
    from vorort.web import scenarios
    from vorort.web.intake.models import Person
    from vorort.web.lists.models import Export

    client = browse("schutz")
    assert post(client, "/listen/planfall/ausgeben/").status_code == 409
    out = post(client, "/listen/planfall/ausgeben/", purpose="report")
    assert Export.objects.get().what == "folder"
    with zipfile.ZipFile(io.BytesIO(out.content)) as file:
        file.extractall(tmp_path)
    write_scenario(scenarios.scenario(), tmp_path / "command line")
    names = {p.name for p in (tmp_path / "command line").iterdir()}
    assert names
    for name in names:
        web, line = (tmp_path / d / name for d in ("musterstadt", "command line"))
        assert web.read_bytes() == line.read_bytes(), name
    assert read_scenario(tmp_path / "musterstadt").ledger == read_scenario(
        tmp_path / "command line").ledger  # fmt: skip

    def send(content, name="planfall.zip"):
        packed = io.BytesIO(content)
        packed.name = name
        return post(client, "/listen/planfall/einlesen/", file=packed)

    full = send(out.content)
    assert full.status_code == 409 and "nicht leer" in full.content.decode()
    empty_register()
    for bad in (b"no zip", b"PK\x03\x04", out.content[:2000]):
        assert send(bad).status_code == 409
    assert not Person.objects.exists()
    assert send(out.content).status_code == 302
    again = post(client, "/listen/planfall/ausgeben/", purpose="report")
    assert again.content == out.content


def test_the_folder_goes_out_only_where_a_role_sees_all_that_is_in_it(browse):
    """A role is given the right to the folder, and not to protected places or other offices."""
    from vorort.web.accounts.models import Grant, Role
    from vorort.web.lists.models import Export

    clerk = browse("belegung")
    role = Role.objects.get(key="belegung")
    sent = {"purpose": "report"}
    assert post(clerk, "/listen/planfall/ausgeben/", **sent).status_code == 403
    Grant.objects.create(role=role, right="lists.folder", own_office_only=False)
    assert post(clerk, "/listen/planfall/ausgeben/", **sent).status_code == 403
    page = clerk.get("/listen/").content.decode()
    assert "Ihre Rolle gibt den Ordner nicht aus" in page and "planfall/ausgeben" not in page
    Grant.objects.create(role=role, right="protected.view", own_office_only=False)
    assert post(clerk, "/listen/planfall/ausgeben/", **sent).status_code == 200
    assert "planfall/ausgeben" in clerk.get("/listen/").content.decode()
    for right in ("lists.folder", "board.view", "household.view", "protected.view"):
        grant = Grant.objects.filter(role=role, right=right)
        grant.update(own_office_only=True)
        assert post(clerk, "/listen/planfall/ausgeben/", **sent).status_code == 403, right
        grant.update(own_office_only=False)
    assert Export.objects.filter(what="folder").count() == 1


def test_the_seats_of_a_domain_go_out_as_their_page_shows_them(browse):
    from vorort.web.accounts.models import User
    from vorort.web.town.queries import domains_with_seats

    sent = {"purpose": "report", "als": "csv"}

    def rows(client, target):
        answer = client.post(target, sent)
        assert answer.status_code == 200
        return [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()[1:]]

    client = browse("belegung")
    page = client.get("/meldungen/childcare/", {"nur": "free", "sort": "-frei"}).content.decode()
    target = re.search(r'action="(/listen/ausgeben/seats/[^"]+)"', page)[1].replace("&amp;", "&")
    assert client.post(target, {"als": "csv"}).status_code == 409, "without a purpose"
    found = rows(client, target)
    shown = re.findall(r'<tr id="([^"]+)"', page)
    assert len(shown) > 2 and [r[1] for r in found][: len(shown)] == shown
    assert f"in {len(found)} Gruppen" in page
    assert all(int(r[7]) > 0 and r[2] == "Kita" for r in found)
    assert [int(r[7]) for r in found] == sorted((int(r[7]) for r in found), reverse=True)
    every = rows(client, "/listen/ausgeben/seats/")
    user = User.objects.select_related("office").get(username="belegung")
    assert len({r[2] for r in every}) == len(domains_with_seats(user)) > 1
    assert not rows(client, "/listen/ausgeben/seats/?feld=accommodation")
