"""`vorort bench`: what it measures is true; no test of time but a generous one."""

from __future__ import annotations

import io
import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from vorort.bench import NAMES, load, run_bench, web
from vorort.bench.entries import ENTRIES, WANTS, Colleague, forms_of
from vorort.bench.queues import run_in_chunks, run_queues
from vorort.bench.sizes import QUICK
from vorort.bench.town import ARRIVAL_MONTH, PLACES, SERVICES
from vorort.problems import Refused


def quick(name: str) -> tuple[dict[str, Any], str]:
    page = Console(file=io.StringIO(), width=140)
    result = run_bench([name], page, QUICK)
    assert isinstance(page.file, io.StringIO)
    return json.loads(json.dumps(result)), page.file.getvalue()


def test_an_unknown_benchmark_is_refused_and_the_near_miss_named() -> None:
    with pytest.raises(Refused, match="engine"):
        run_bench(["engin"], Console(file=io.StringIO()))


def test_the_machine_is_described_but_not_named() -> None:
    pytest.importorskip("mesa")
    facts = quick("engine")[0]["machine"]
    assert {"cores", "python", "numpy", "numba", "mesa"} <= facts.keys()
    assert os.uname().nodename not in str(facts)


def test_engine_and_agents_agree_and_the_engine_is_far_faster() -> None:
    pytest.importorskip("mesa")
    result, page = quick("engine")
    found = result["engine"]
    assert found["agreement"]["agrees"], found["agreement"]["mean"]
    assert found["agreement"]["cells"]["count"] > 500
    assert found["ratios"]["1"]["minimum"] > 20
    assert "agree" in page


def test_a_wrong_rule_would_not_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of the means can fail: with a tenth fewer courses on one side it does."""
    pytest.importorskip("mesa")
    pytest.importorskip("vorort.bench.agents")  # has its rules before one side's are changed
    monkeypatch.setattr("vorort.bench.queues.town.PASSES", 0.45)
    assert not quick("engine")[0]["engine"]["agreement"]["agrees"]


def test_draws_are_the_same_in_any_chunk_and_on_any_thread() -> None:
    whole = run_queues(3, slice(0, 12), people=700)
    assert (run_queues(3, slice(5, 9), people=700) == whole[:, 5:9]).all()
    full = run_in_chunks(3, 6, threads=1, chunk=6)
    assert (run_in_chunks(3, 6, threads=2, chunk=2) == full).all()


def test_places_are_never_overrun_and_nobody_waits_beside_a_free_place() -> None:
    counts = run_queues(5, slice(0, 6))
    services = len(SERVICES)
    used, waiting = counts[:services], counts[services : 2 * services]
    assert (used <= np.array(PLACES)[:, None, None]).all()
    assert (waiting >= 0).all()
    assert ((waiting == 0) | (used == np.array(PLACES)[:, None, None])).all()
    assert (waiting > 0).any(axis=(1, 2)).all()  # each service is short of places at some time


def test_every_month_has_arrivals_and_the_second_year_six_times_as_many() -> None:
    weight = np.bincount(ARRIVAL_MONTH)
    assert len(weight) == 120
    assert set(weight[12:24]) == {6}
    assert set(np.delete(weight, np.s_[12:24])) == {1}


def test_the_outlook_is_measured_with_the_arrivals_asked_for() -> None:
    found = quick("model")[0]["model"]
    assert [row["threads"] for row in found["rows"]] == [1, 2]
    for row, one in zip(found["rows"], QUICK.loads, strict=True):
        assert row["draws"] == one.draws
        assert row["arrivals"] == pytest.approx(one.arrivals, rel=0.25)  # few draws in the pilot
        assert row["people"] > row["arrivals"] + 1000
        assert row["cpu_seconds"] > 0 < row["wall_seconds"]
        assert row["megabytes"] is None or 50 < row["megabytes"] < 2000
    assert found["against_promise"]["CPU seconds on one thread"] == pytest.approx(
        found["rows"][0]["cpu_seconds"] / 6
    )


def test_the_forecast_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VORORT_SHARED", raising=False)
    result, page = quick("forecast")
    assert "VORORT_SHARED" in page
    assert result["forecast"]["missing"].endswith("bamf_monthly_germany_2015_2021.csv")
    monkeypatch.setenv("VORORT_SHARED", str(tmp_path))
    assert "missing" in quick("forecast")[0]["forecast"]


@pytest.mark.skipif("VORORT_SHARED" not in os.environ, reason="VORORT_SHARED is not set")
def test_the_forecast_keeps_its_promises() -> None:
    found = quick("forecast")[0]["forecast"]
    assert all(found["kept"].values()), found
    assert {h["origins"] for h in found["shock"]["horizons"].values()} == {24}


def test_every_name_has_a_benchmark() -> None:
    assert NAMES == ("engine", "model", "forecast", "place", "web")


def test_the_register_is_asked_over_http_and_every_page_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of its own with four people at work on a small city; all pages, no error. What they
    have entered is given up again: the next run finds what this one did."""
    pytest.importorskip("gunicorn")
    database = tmp_path / "village.sqlite3"
    monkeypatch.setenv("VORORT_BENCH_DATABASE", str(database))
    waiting = web._in_a_process("prepare", str(database), QUICK.city)["waiting_keys"]
    before, acts = in_force(database), acts_in(database)
    result, printed = quick("web")
    found = result["web"]
    assert found["not_200"] == 0
    pages = {name: page for name, page in found["pages"].items() if name != WANTS}
    assert all(one["alone_ms"] > 0 for one in (*pages.values(), *found["entries"].values()))
    assert found["all"]["count"] >= 4
    assert "board as known" in printed and "lift a wish" in printed
    assert found["rows"]["persons"] > 1000
    new = acts_in(database) - acts
    assert {"hold", "confirm", "cancel", "want_wish"} <= set(new)
    assert in_force(database) == before
    again = web._in_a_process("prepare", str(database), QUICK.city)["waiting_keys"]
    assert again == waiting and len(waiting) > 8


def in_force(database: Path) -> list[tuple[Any, ...]]:
    """Who is where, or has a place held, and who wishes what."""
    with closing(sqlite3.connect(database)) as register:
        stays = register.execute(
            "SELECT person_id, unit_id, status, from_on, until FROM placing_stay"
            " WHERE status <> 'cancelled' ORDER BY 1, 2, 3, 4"
        ).fetchall()
        return stays + register.execute("SELECT household_id, what FROM intake_wish").fetchall()


def acts_in(database: Path) -> Counter[str]:
    with closing(sqlite3.connect(database)) as register:
        return Counter(kind for (kind,) in register.execute("SELECT kind FROM accounts_act"))


PAGE = b"""<form action="/suche/"><input name="q" value="x"></form>
<form method="post" action="/haushalte/H-1/vormerken/"><input type="hidden" name="key" value="k">
<input type="radio" name="units" value="A" checked><input type="radio" name="units" value="B">
<select name="reason"><option value=""></option><option value="one">Eins</option></select>
<select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
<button name="end" value="7">weg</button><button>los</button></form><input name="after" value="y">
"""


def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    (form,) = forms_of(PAGE, "/vormerken/")
    assert form.action == "/haushalte/H-1/vormerken/"
    assert form.sent == [("key", "k"), ("units", "A"), ("reason", ""), ("kind", "b")]
    assert form.filled("reason", "one")[-2:] == [("kind", "b"), ("reason", "one")]
    assert form.choices["units"] == ["A", "B"]
    assert form.choices["reason"] == ["", "one"] and form.buttons == [("end", "7")]
    assert forms_of(PAGE, "/einzug/") == []


def test_a_colleague_confirms_and_gives_up_only_what_they_hold() -> None:
    one = Colleague(["H-1", "H-2"], Random(3))
    assert {one.chosen() for _ in range(200)} == {"hold", "wish"}
    one.held.append("H-1")
    assert {one.chosen() for _ in range(400)} == {"hold", "wish", "confirm", "cancel"}
    assert sum(ENTRIES.values()) == 100


def test_a_colleague_holds_what_the_own_office_confirms() -> None:
    page = PAGE.replace(b'value="A"', b'value="GU-1-01"').replace(b'value="B"', b'value="GU-10-01"')
    for others, unit in (([], "GU-1-01"), (["GU-1"], "GU-10-01")):
        steps = Colleague(["H-1"], Random(1), others).entry("hold")
        next(steps)
        sent = steps.send((200, page))
        assert sent.form is not None and dict(sent.form)["units"] == unit
    steps = Colleague(["H-1"], Random(1), ["GU-1", "GU-10"]).entry("hold")
    next(steps)
    with pytest.raises(StopIteration):
        steps.send((200, page))


class Refuses(load.Browser):
    """Whose every form is refused."""

    def __init__(self) -> None:
        super().__init__(0)

    def ask(self, address: str, form: Any = None) -> tuple[int, str, bytes]:
        page = PAGE.replace(b"/vormerken/", b"/belegung/cancel/")
        return (409, "", b"") if form is not None else (200, "", page)


def test_what_cannot_be_given_up_again_ends_the_run() -> None:
    one = Colleague([], Random(1))
    one.held.append("H-1")
    with pytest.raises(ValueError, match="cancel"):
        load.undone(Refuses(), one)
