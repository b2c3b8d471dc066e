"""Running the stress test beside the pages: progress, cancelling, and noticing a dead worker."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django_tasks import task

from vorort import __version__
from vorort.web import clock
from vorort.web.outlook.models import OPEN, Review, Run

SILENT = timedelta(minutes=2)  # no sign of life for so long: the worker is gone
EACH = timedelta(seconds=1)


class Failed(Exception):
    """Why a run failed, without a value of anybody."""


class Cancelled(Exception):
    """Somebody asked to stop."""


@task
def run_outlook(number: int) -> None:
    """What the worker does; the argument is a number and nothing else."""
    execute(number)


def begin(actor: Any, draws: int) -> Run:
    """Queue a run; the one already open is given back instead of a second."""
    settle()
    there = Run.objects.filter(state__in=OPEN).first()
    if there is not None:
        return there
    row = Run.objects.create(at=clock.now(), actor=actor, draws=draws, total=draws + 1)
    run_outlook.enqueue(row.pk)
    return row


def settle() -> None:
    """Say of runs whose worker has died that they failed."""
    limit = timezone.now() - SILENT
    Run.objects.filter(state="running", beat__lt=limit).update(
        state="failed", why="Der Hintergrunddienst hat aufgehört / the worker stopped"
    )


def cancel(row: Run) -> None:
    """Ask to stop; a run that has not begun stops at once."""
    Run.objects.filter(pk=row.pk, state__in=OPEN).update(is_cancelled=True)
    Run.objects.filter(pk=row.pk, state="queued").update(state="cancelled")


def execute(number: int) -> None:
    """The whole run; nothing half-done is kept."""
    now = timezone.now()
    if not Run.objects.filter(pk=number, state="queued").update(state="running", beat=now):
        return
    row = Run.objects.get(pk=number)
    try:
        values = _compute(row.draws, row.seed, _progress(number))
    except Cancelled:
        Run.objects.filter(pk=number).update(state="cancelled")
        return
    except Exception as error:
        # a complaint about the register may name people; one about the disk does not
        why = f"{type(error).__name__}: {error}" if isinstance(error, OSError) else (
            type(error).__name__)  # fmt: skip
        Run.objects.filter(pk=number).update(state="failed", why=why)
        raise Failed(why) from None  # the queue keeps what it is told
    keep(number, values)


def _progress(number: int) -> Callable[[int, int], None]:
    last = [timezone.now() - EACH]

    def step(done: int, of: int) -> None:
        now = timezone.now()
        if now - last[0] < EACH and done < of:
            return
        last[0] = now
        Run.objects.filter(pk=number).update(done=done, total=of, beat=now)
        if Run.objects.filter(pk=number, is_cancelled=True).exists():
            raise Cancelled

    return step


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
