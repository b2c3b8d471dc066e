"""`vorort bench`: what it measures is true; no test of time but a generous one."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from vorort.bench import NAMES, run_bench
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
    for row, load in zip(found["rows"], QUICK.loads, strict=True):
        assert row["draws"] == load.draws
        assert row["arrivals"] == pytest.approx(load.arrivals, rel=0.25)  # few draws in the pilot
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


def test_the_register_is_asked_over_http_and_every_page_answers() -> None:
    """A server of its own with four people at work on a small city; all pages, no error."""
    pytest.importorskip("gunicorn")
    result, printed = quick("web")
    web = result["web"]
    assert web["not_200"] == 0
    assert all(page["alone_ms"] > 0 for page in web["pages"].values())
    assert web["all"]["count"] >= 4
    assert "board as known" in printed
    assert web["rows"]["persons"] > 1000
