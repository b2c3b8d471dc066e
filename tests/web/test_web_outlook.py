"""The outlook on the register: same figures as the command line, progress, cancel, dead workers."""

import json
from datetime import timedelta

from test_web_intake import register


def work():
    from django.core.management import call_command

    call_command("db_worker", batch=True, interval=1, startup_delay=False)


def test_a_run_gives_the_figures_of_the_command_line(browse, tmp_path):
    from vorort.reports.figures import figures
    from vorort.stress.front import run_folder
    from vorort.web import register as web
    from vorort.web.outlook.models import Run

    register(browse("belegung"))
    client = browse("planung")
    assert client.post("/ausblick/rechnen/", {"draws": "100"}).status_code == 302
    page = client.get("/ausblick/").content.decode()
    assert "Wartet auf den Hintergrunddienst" in page and "Jetzt nachsehen" in page
    work()
    row = Run.objects.get()
    assert row.state == "done", row.why
    web.dump(tmp_path / "register")
    wanted = figures(run_folder(tmp_path / "register", draws=100, seed=1))
    assert json.loads(row.result) == json.loads(json.dumps(wanted, ensure_ascii=False))
    page = client.get("/ausblick/").content.decode()
    assert row.sentence_de in page.replace("&quot;", '"') and "nachsehen" not in page
    report = client.get(f"/ausblick/{row.pk}/bericht/")
    assert report.status_code == 200 and "<script" not in report.content.decode()
    assert "unsafe-inline" in report.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in client.get("/ausblick/").headers["Content-Security-Policy"]
    assert client.get(f"/ausblick/{row.pk}/zahlen.json").json() == json.loads(row.result)
    assert row.sentence_de in browse("belegung").get("/heute/").content.decode()


def test_a_run_is_cancelled_without_half_a_result(browse, monkeypatch):
    from vorort.web import running
    from vorort.web.outlook.models import Run
    from vorort.web.town.models import StoredOutlook

    client = browse("planung")
    client.post("/ausblick/rechnen/", {"draws": "1000"})
    row = Run.objects.get()
    client.post("/ausblick/rechnen/", {"draws": "1000"})
    assert Run.objects.count() == 1, "one at a time"
    old = running.Sign.step

    def stopped(sign, done, of):
        if done > 50:
            client.post(f"/ausblick/{row.pk}/abbrechen/")
        old(sign, done, of)

    monkeypatch.setattr(running.Sign, "step", stopped)
    monkeypatch.setattr(running, "EACH", timedelta(0))
    work()
    row.refresh_from_db()
    assert (row.state, row.result, row.report_de) == ("cancelled", "", "")
    assert not StoredOutlook.objects.exists()


def test_a_run_that_waits_stops_at_once_and_a_dead_worker_is_noticed(browse):
    from django.utils import timezone

    from vorort.web.outlook.models import Run

    client = browse("planung")
    client.post("/ausblick/rechnen/", {"draws": "100"})
    row = Run.objects.get()
    client.post(f"/ausblick/{row.pk}/abbrechen/")
    row.refresh_from_db()
    assert row.state == "cancelled"
    Run.objects.filter(pk=row.pk).update(
        state="running", beat=timezone.now() - Run.SILENT - timedelta(seconds=1)
    )
    assert "Hintergrunddienst hat aufgehört" in client.get("/ausblick/").content.decode()


def test_what_fails_says_why(browse, monkeypatch):
    from vorort.web.outlook import runs
    from vorort.web.outlook.models import Run

    client = browse("planung")
    client.post("/ausblick/rechnen/", {"draws": "100"})

    def broken(*arguments):
        raise OSError("kein Platz auf der Platte")

    monkeypatch.setattr(runs, "_compute", broken)
    work()
    assert Run.objects.get().state == "failed"
    assert "kein Platz auf der Platte" in client.get("/ausblick/").content.decode()


def test_no_page_loads_itself_anew(browse):
    from pathlib import Path

    import vorort.web

    templates = Path(vorort.web.__file__).parent / "templates"
    pages = {p.name: p.read_text("utf-8") for p in templates.rglob("*.html")}
    assert len(pages) > 60
    assert [name for name, text in pages.items() if "http-equiv" in text.casefold()] == []
    assert [name for name, text in pages.items() if 'hx-trigger="every' in text] == ["run.html"]


def test_who_asks_for_news_gets_only_what_has_changed(browse, monkeypatch):
    """Put in again, the same words would be read out again."""
    from django.utils import timezone

    from vorort.web import middleware
    from vorort.web.outlook.models import Run

    monkeypatch.setattr(middleware, "ASSETS", True)
    client = browse("planung")
    client.post("/ausblick/rechnen/", {"draws": "100"})
    whole = client.get("/ausblick/").content.decode()
    parts = ("lauf-sagt", "lauf-tun", "lauf-zahlen", "lauf-frisch")
    assert [whole.count(f'id="{p}"') for p in parts] == [1, 1, 1, 1]
    assert 'hx-get="?war=queued"' in whole and "Auffrischen anhalten" in whole
    same = client.get("/ausblick/?war=queued").content.decode()
    assert [same.count(f'id="{p}"') for p in parts] == [0, 0, 1, 0]
    Run.objects.update(state="running", done=30, beat=timezone.now())
    other = client.get("/ausblick/?war=queued").content.decode()
    assert [other.count(f'id="{p}"') for p in parts] == [1, 1, 1, 0]
    assert "30 von 101 Arbeitsschritten" in other and 'hx-get="?war=running"' in other
    Run.objects.update(state="cancelled")
    over = client.get("/ausblick/?war=running").content.decode()
    assert [over.count(f'id="{p}"') for p in parts] == [1, 1, 0, 1] and "hx-get" not in over
    Run.objects.update(state="running", beat=timezone.now())
    stopped = client.get("/ausblick/?frisch=nein").content.decode()
    assert "hx-get" not in stopped and "Wieder von selbst auffrischen" in stopped
