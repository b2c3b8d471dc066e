"""Long lists: checked and written by the worker, with progress, cancelled until writing begins."""

import io
import uuid
from datetime import timedelta

import pytest
from test_web_killed import clerk, done, everything, killed
from test_web_lists import HEAD, TODAY, a_unit, batch_of, people_named, post, upload
from test_web_outlook import work

pytestmark = pytest.mark.usefixtures("short")


@pytest.fixture
def short(monkeypatch):
    """Three rows are a long list here, and every row is a step."""
    from vorort.web import running
    from vorort.web.lists import runs, staging

    monkeypatch.setattr(runs, "LONG", 3)
    monkeypatch.setattr(staging, "AT_ONCE", 2)
    monkeypatch.setattr(running, "EACH", timedelta(0))


def a_list(unit, faulty=True):
    rows = [
        f"{n};F{n // 2};Kastan{n // 2};Amira{n};12.03.199{n};w;{unit};20.11.2026;Asyl"
        for n in range(5)
    ]
    return "\n".join([HEAD, *rows, *(["9;F9;Ostrenko;Taras;1988;m;GU-NIE-1;;"] if faulty else [])])


def a_small_unit():
    """Five people are too many in it."""
    from vorort.ledger import occupancy
    from vorort.web import bridge

    found = occupancy(bridge.whole_ledger(), TODAY, today=TODAY).units
    return next(u for u, s in found.items() if u.startswith("GU-") and 2 <= s.free <= 4)


def read_in(client, text):
    from vorort.web.lists.models import Batch

    address = batch_of(upload(client, text))
    return address, Batch.objects.get(pk=int(address.split("/")[2]))


def page(client, address, **asked):
    return client.get(address, asked).content.decode()


def people_in(unit):
    """What a list has brought, but for running numbers."""
    from vorort.web.placing.models import Stay
    from vorort.web.totals.models import SiteDay

    stays = Stay.objects.filter(unit__key=unit, person__source="import").select_related("person")
    facts = [
        (str(s.person.names.get()), s.person.born, s.person.sex, s.status, s.from_on, s.until,
         s.over_occupancy_reason, s.person.membership_set.get().household.group,
         sorted(str(m.person.names.get())
                for m in s.person.membership_set.get().household.membership_set.all()))
        for s in stays
    ]  # fmt: skip
    site = SiteDay.objects.filter(site__unit__key=unit).order_by("day")
    return sorted(facts, key=str), list(site.values_list("day", "moved_in", "over", "free"))


def last_run():
    from vorort.web.lists.models import Run

    return Run.objects.order_by("-pk").first()


def test_a_long_list_brings_what_it_brings_when_read_directly(browse, monkeypatch):
    from vorort.web.lists import runs

    client, unit = browse("belegung"), a_small_unit()
    address, _ = read_in(client, a_list(unit))
    shown = page(client, address)
    assert "Wartet auf den Hintergrunddienst" in shown and "Jetzt nachsehen" in shown
    assert "übernehmen</button>" not in shown, "not before it is checked"
    work()
    shown = page(client, address)
    assert "6 Zeilen: 5 neu" in shown and "1 fehlerhaft" in shown and "nachsehen" not in shown
    assert "Einheit „GU-NIE-1“ gibt es nicht." in page(client, address, nur="faulty")
    assert not people_named("Kastan0").exists()
    assert post(client, address + "uebernehmen/", what="apply").status_code == 302
    assert not people_named("Kastan0").exists(), "it is queued"
    work()
    assert "übernommen: 5 neu" in page(client, address), last_run().why
    beside = people_in(unit)
    assert len(beside[0]) == 5 and any(row[6] == "import" for row in beside[0]), "overfull too"
    post(client, address + "uebernehmen/", what="undo")
    assert "Wartet auf den Hintergrunddienst" in page(client, address)
    work()
    assert "zurückgenommen: 0 neu" in page(client, address), last_run().why
    monkeypatch.setattr(runs, "LONG", 1000)
    again, _ = read_in(client, a_list(unit))
    runs_before = last_run().pk
    post(client, again + "uebernehmen/", what="apply")
    assert last_run().pk == runs_before, "a short list goes in directly"
    assert people_in(unit)[0] == beside[0]
    assert people_in(unit)[1][-1] == beside[1][-1]


def test_progress_only_grows_and_ends_with_every_row_written(browse, monkeypatch):
    from vorort.web import running
    from vorort.web.lists import runs
    from vorort.web.lists.models import Run

    client, unit = browse("belegung"), a_unit()
    address, _ = read_in(client, a_list(unit))
    seen = []
    step = running.Sign.step

    def watched(sign, done, of):
        step(sign, done, of)
        seen.append(runs.progress(last_run()))

    monkeypatch.setattr(running.Sign, "step", watched)
    work()
    assert figures(seen) == sorted(figures(seen)) and {p.rows for p in seen} == {6}
    assert runs.progress(last_run()).steps == {"read": 6, "checked": 6}
    seen.clear()
    post(client, address + "uebernehmen/", what="apply")
    work()
    found = [*seen, runs.progress(last_run())]
    assert figures(found) == sorted(figures(found)) and len({*figures(found)}) > 6
    assert all(p.steps["written"] == 0 for p in seen), "nothing is said written before it is"
    assert figures(found)[-1] == (6, 6, 6, 6) and Run.objects.filter(state="done").count() == 2


def figures(seen):
    return [tuple(p.steps.values()) for p in seen]


@pytest.mark.parametrize("steps", [1, 4, 7])
def test_cancelled_at_any_step_nothing_is_written_and_it_can_be_applied_again(
    browse, monkeypatch, steps
):
    from vorort.web.lists.models import Batch

    client, unit = browse("belegung"), a_unit()
    address, batch = read_in(client, a_list(unit, faulty=False))
    work()
    post(client, address + "uebernehmen/", what="apply")
    before = everything()
    with monkeypatch.context() as patch:
        from vorort.web.lists import runs

        step, count = runs._Steps.__call__, []

        def cancelling(self, rows):
            count.append(rows)
            if len(count) == steps:
                assert client.post(address + "abbrechen/").status_code == 302
            step(self, rows)

        patch.setattr(runs._Steps, "__call__", cancelling)
        work()
    assert last_run().state == "cancelled" and len(count) == steps
    assert but_for_runs(everything()) == but_for_runs(before)
    assert Batch.objects.get(pk=batch.pk).state == "staged"
    assert "Das Übernehmen wurde abgebrochen; eingetragen ist nichts." in page(client, address)
    post(client, address + "uebernehmen/", what="apply")
    work()
    assert people_named("Kastan0").count() == 2


def but_for_runs(lines):
    """Rows of the register; not how far a run is, nor running numbers it has taken."""
    found, table = [], ""
    for line in lines:
        table = line.get("table", table)
        if table not in ("lists.Run", "intake.Counter") and not table.startswith("django_tasks"):
            found.append(line)
    return found


def test_once_it_is_being_written_it_is_too_late_to_cancel(browse, monkeypatch):
    from vorort.web.lists import runs

    client, unit = browse("belegung"), a_unit()
    address, _ = read_in(client, a_list(unit))
    work()
    post(client, address + "uebernehmen/", what="apply")
    writing, shown = runs._Steps.writing, []

    def late(self):
        writing(self)
        shown.append(page(client, address))
        client.post(address + "abbrechen/")

    monkeypatch.setattr(runs._Steps, "writing", late)
    work()
    assert "Wird eingetragen" in shown[0] and "abbrechen/" not in shown[0]
    assert last_run().state == "done" and people_named("Kastan0").exists()


def test_a_list_that_waits_is_cancelled_at_once_and_who_waits_long_is_told_why(browse, monkeypatch):
    from vorort.web.lists import batch_views

    client = browse("belegung")
    address, _ = read_in(client, a_list(a_unit()))
    assert "Der Hintergrunddienst läuft nicht" not in page(client, address)
    monkeypatch.setattr(batch_views, "PATIENT", timedelta(seconds=-1))
    assert "Der Hintergrunddienst läuft nicht" in page(client, address)
    client.post(address + "abbrechen/")
    assert last_run().state == "cancelled"
    shown = page(client, address)
    assert "Die Prüfung wurde abgebrochen." in shown and "noch nicht geprüft" in shown
    post(client, address + "uebernehmen/", what="check")
    work()
    assert "6 Zeilen: 5 neu" in page(client, address)


def test_a_list_dropped_while_it_waits_is_dropped_and_says_so(browse):
    from vorort.web.lists.models import Batch

    client = browse("belegung")
    address, batch = read_in(client, a_list(a_unit()))
    post(client, address + "uebernehmen/", what="drop")
    shown = page(client, address)
    assert "verworfen" in shown and "Wartet auf den Hintergrunddienst" not in shown
    work()
    assert Batch.objects.get(pk=batch.pk).state == "dropped"
    assert "verworfen" in page(client, address)


WORKER = """
from datetime import timedelta
from vorort.web import running
from vorort.web.lists import actions, runs
actions._results = stop
runs.execute(int(sys.argv[5]))
"""


def test_a_worker_killed_while_it_writes_has_written_nothing_and_is_noticed(browse):
    from django.utils import timezone

    from vorort.web.lists.models import Run

    client, unit = browse("belegung"), a_unit()
    address, _ = read_in(client, a_list(unit))
    work()
    key = uuid.uuid4()
    client.post(address + "uebernehmen/", {"key": str(key), "what": "apply"})
    before = everything()
    killed(WORKER, "belegung", key, last_run().pk)
    assert but_for_runs(everything()) == but_for_runs(before) and not done(key)
    assert "Wird eingetragen" in page(client, address)
    Run.objects.update(beat=timezone.now() - Run.SILENT - timedelta(seconds=1))
    shown = page(client, address)
    assert "Das Übernehmen ist gescheitert; eingetragen ist nichts" in shown
    assert "5 neue Zeilen übernehmen" in shown
    post(client, address + "uebernehmen/", what="apply")
    work()
    assert people_named("Kastan0").count() == 2


def test_what_a_check_has_found_is_shown_to_whom_it_was_made_for(browse):
    """Who sees protected people has it checked: a colleague who does not learns nothing."""
    from vorort.web.intake.models import Household
    from vorort.web.lists.models import Line

    text = "Name;Vorname;Geb.-Datum\n" + "".join(f"Kastan{n};Amira;1992\n" for n in range(4))
    sees, sees_not = browse("schutz"), browse("belegung")
    address, _ = read_in(sees, text)
    work()
    post(sees, address + "uebernehmen/", what="apply")
    work()
    home = people_named("Kastan1")[0].person.membership_set.get().household
    Household.objects.filter(pk=home.pk).update(protected=True)
    address, _ = read_in(sees, text)
    work()
    key = people_named("Kastan1")[0].person.key
    assert key in page(sees, address), "on record, or perhaps"
    assert Line.objects.filter(who__key=key).exists()
    shown = page(sees_not, address)
    assert key not in shown and "noch nicht geprüft" in shown
    assert sees_not.get(address + "fehler.xlsx").status_code == 200
    post(sees_not, address + "uebernehmen/", what="check")
    work()
    assert key not in page(sees_not, address)
    assert "noch nicht geprüft" in page(sees, address)


def test_another_column_is_another_check_and_faulty_rows_come_out_to_be_mended(browse):
    from python_calamine import CalamineWorkbook

    client, unit = browse("belegung"), a_unit()
    address, batch = read_in(client, a_list(unit))
    work()
    faults = client.get(address + "fehler.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(faults)).get_sheet_by_index(0).to_python()
    assert [r[2] for r in rows[1:]] == ["Ostrenko"] and "GU-NIE-1" in rows[1][-1]
    client.post(address + "spalten/", {"family": "2", "given": "3", "born": "4"})
    assert "Wartet auf den Hintergrunddienst" in page(client, address)
    work()
    assert "6 Zeilen: 6 neu" in page(client, address), "nobody is placed any more"
    assert batch.lines.exclude(told="").count() == 0


def test_what_is_known_of_somebody_deleted_goes_from_checked_lists_too(browse):
    from vorort.web.lists.models import Line
    from vorort.web.retention import actions

    client = browse("belegung")
    text = "Nr;Name;Vorname;Geb.-Datum\n" + "".join(f"{n};Kastan{n};Amira;1992\n" for n in range(4))
    address, _ = read_in(client, text)
    work()
    post(client, address + "uebernehmen/", what="apply")
    work()
    read_in(client, text.replace("Kastan1;Amira", "Unkenntlich;Rana"))  # the number says who it is
    work()
    person = people_named("Kastan1")[0].person
    assert Line.objects.filter(who=person).exists()
    actions.delete(clerk("verwaltung"), uuid.uuid4(), person)
    assert not Line.objects.filter(cells__contains="Unkenntlich").exists()
    assert Line.objects.filter(cells__contains="Kastan2").exists()
