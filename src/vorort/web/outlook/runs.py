"""Running the stress test beside the pages, and keeping what came of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone
from django_tasks import task

from vorort import __version__
from vorort.web import clock, running
from vorort.web.outlook.models import Review, Run


@task
def run_outlook(number: int) -> None:
    """What the worker does; the argument is a number and nothing else."""
    execute(number)


def begin(actor: Any, draws: int) -> Run:
    """Queue a run; the one already open is given back instead of a second."""
    found: Run = running.begin(
        Run, run_outlook.enqueue, at=clock.now(), actor=actor, draws=draws, total=draws + 1
    )
    return found


def execute(number: int) -> None:
    """The whole run; nothing half-done is kept."""
    running.execute(Run, number, _work)


def _work(row: Run, sign: running.Sign) -> None:
    def step(done: int, of: int) -> None:
        sign.step(done, of)
        if sign.is_asked_to_stop():
            raise running.Cancelled

    keep(row.pk, _compute(row.draws, row.seed, step))


def _compute(draws: int, seed: int, step: Callable[[int, int], None]) -> dict[str, Any]:
    """The register as a folder, and what `vorort stress` makes of it."""
    from vorort.reports.figures import figures
    from vorort.stress.front import run_folder
    from vorort.web import register

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "register"
        register.dump(folder)
        return figures(run_folder(folder, draws=draws, seed=seed, progress=step))


def keep(number: int, result: dict[str, Any]) -> None:
    """Result, report in both languages, and the sentence for the Today page."""
    from vorort.reports.page import write_report
    from vorort.web.town.models import StoredOutlook

    past, reports = review(), {}
    with tempfile.TemporaryDirectory() as place:
        for lang in ("de", "en"):
            path = Path(place) / f"{lang}.html"
            write_report(result, past, path, lang)
            reports[lang] = path.read_text("utf-8")
    row = Run.objects.get(pk=number)
    row.state, row.done, row.beat = "done", row.total, timezone.now()
    row.result = json.dumps(result, ensure_ascii=False)
    row.sentence_de, row.sentence_en = (result["sentence"][x] for x in ("de", "en"))
    row.report_de, row.report_en = reports["de"], reports["en"]
    row.has_backtests = past is not None
    row.save()
    StoredOutlook.objects.create(
        at=clock.now(), version=str(result["version"]), seed=row.seed, draws=row.draws,
        sentence_de=row.sentence_de, sentence_en=row.sentence_en,
        estimates=f"{result['estimates']['used']}/{result['estimates']['total']}",
    )  # fmt: skip


def keep_review(past: dict[str, Any]) -> None:
    """Keep the backtests of this version; a run's report takes them in."""
    Review.objects.update_or_create(
        version=__version__,
        defaults={"at": timezone.now(), "result": json.dumps(past, ensure_ascii=False)},
    )


def review() -> dict[str, Any] | None:
    """The backtests of this version, if they were run."""
    row = Review.objects.filter(version=__version__).first()
    return json.loads(row.result) if row else None
