"""Pages of one list that was read in: its rows, its columns, what becomes of it. German: Liste"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.files.lists import KINDS
from vorort.problems import Problem, Refused
from vorort.web import asked, clock, running, sight
from vorort.web.accounts import rights
from vorort.web.accounts.login import is_demo
from vorort.web.accounts.rights import needs
from vorort.web.lists import actions, checked, runs, sheets, staging, undo, views
from vorort.web.lists.models import Batch, Line, Run
from vorort.web.middleware import lang_of

ON_A_PAGE = 100
PATIENT = timedelta(seconds=10)  # until we say that nobody takes a run up; project estimate


def _batch(request: HttpRequest, number: int) -> Batch:
    row = Batch.objects.filter(pk=number, office=asked.user_of(request).office).first()
    if row is None:
        raise Http404
    return row


@require_GET
@needs(rights.IMPORT)
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """Columns, and what every row would become."""
    return _page(request, _batch(request, number))


def _page(
    request: HttpRequest, row: Batch, refused: tuple[Problem, ...] = (), **more: Any
) -> HttpResponse:
    lang, last = lang_of(request), runs.last_of(row)
    run = last if last and runs.is_of(last, row) else None  # the list may be dropped meanwhile
    said = refused or (tuple(runs.told(run)) if run else ())
    more["run"] = run
    if run and run.state in running.OPEN:
        more |= {"progress": runs.progress(run), "waits": _waits(run)}
    elif row.state != "staged":
        more["results"] = {
            r: row.lines.filter(result=r).count() for r in ("new", "same", "skipped", "faulty")
        }
        more.setdefault("kept", undo.kept(row))
    elif runs.is_long(row):
        more |= {"is_long": True, **_checked(request, row)}
    else:
        found, problems = _planned(request, row)
        said, more = (*said, *problems), {**found, **more}
    return render(request, "web/batch.html", {
        "batch": row, "label": KINDS[row.kind][0], "act_key": uuid.uuid4(),
        "undo_key": uuid.uuid4(), "check_key": uuid.uuid4(), "only": request.GET.get("nur", ""),
        "columns": list(enumerate(json.loads(row.header))), "targets": _targets(row),
        "heads": [t.label for t in KINDS[row.kind][1]],
        "homes": _homes(asked.user_of(request), row) if row.state == "applied" else [],
        "twice": _twice(row), "refused": asked.told(said, lang), **more,
    }, status=409 if refused else 200)  # fmt: skip


def _planned(request: HttpRequest, row: Batch) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """A short list: what each row would become, found while the page is made."""
    lang, only = lang_of(request), request.GET.get("nur", "")
    problems: tuple[Problem, ...] = ()
    planned: list[staging.Planned] = []
    try:
        planned = staging.plan(row, asked.user_of(request))
    except Refused as found:
        problems = tuple(found.problems)
    shown = [p for p in planned if not only or p.becomes == only]
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("seite", "1"))
    return {
        "page": page, "counts": staging.counts(planned), "total": len(planned),
        "rows": [(p, [q.reason_de if lang == "de" else q.reason_en for q in p.problems],
                  _cells(p.row)) for p in page],
        "ready": sum(p.goes_in for p in planned),
    }, problems  # fmt: skip


def _checked(request: HttpRequest, row: Batch) -> dict[str, Any]:
    """A long list: what its check has found, for whom it was checked."""
    if not checked.is_for(row, asked.user_of(request)):
        return {"total": runs.rows_of(row), "counts": {}, "unchecked": True}
    counts, lang = checked.counts(row), 0 if lang_of(request) == "de" else 1
    found = checked.rows(row, request.GET.get("nur", ""))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("seite", "1"))
    return {
        "page": page, "counts": counts, "total": sum(counts.values()), "ready": checked.ready(row),
        "rows": [(p, [q[lang] for q in told], _cells(p.row))
                 for p, told in checked.planned(row, page)],
    }  # fmt: skip


def _waits(run: Run) -> bool:
    """Has nobody taken it up for long enough to say so?"""
    return run.state == "queued" and clock.now() - run.at > PATIENT


def _targets(row: Batch) -> list[tuple[Any, int]]:
    mapping = json.loads(row.mapping or "{}")
    return [(t, mapping.get(t.name, -1)) for t in KINDS[row.kind][1]]


def _twice(row: Batch) -> Batch | None:
    """The same content, applied before."""
    same = Batch.objects.filter(
        digest=row.digest, kind=row.kind, office=row.office, state="applied"
    ).exclude(pk=row.pk)  # fmt: skip
    return same.order_by("-pk").first() if row.state == "staged" else None


def _homes(user: Any, row: Batch) -> list[str]:
    """Households a list has brought, as far as this user opens them."""
    people = row.lines.filter(result="new", person__isnull=False).values("person")
    found = sight.households_for(user).filter(membership__person__in=people).distinct()
    return list(found.order_by("key").values_list("key", flat=True)[:200])


def _cells(row: Any) -> list[Any]:
    """What was read, and where nothing could be read what is written there."""
    return [v if v is not None else row.written[n] or None for n, v in row.values.items()]


@require_POST
@needs(rights.IMPORT)
def remap(request: HttpRequest, number: int) -> HttpResponse:
    """Other columns for fields."""
    row = _batch(request, number)
    sent = {t.name: request.POST.get(t.name, "") for t in KINDS[row.kind][1]}
    columns = {k: asked.whole(v) for k, v in sent.items()}
    open_run = runs.last_of(row)
    if open_run is not None:
        runs.cancel(open_run)
    staging.remap(row, {k: c for k, c in columns.items() if c is not None})
    views.check_if_long(request, row)
    return HttpResponseRedirect(reverse("batch", args=[number]))


@require_POST
@needs(rights.IMPORT)
def choose(request: HttpRequest, number: int) -> HttpResponse:
    """A doubtful row is new after all, or stays out."""
    row = _batch(request, number)
    choice = "new" if request.POST.get("choice") == "new" else "skip"
    Line.objects.filter(batch=row, number=asked.whole(request.POST.get("row", ""))).update(
        choice=choice
    )
    return HttpResponseRedirect(reverse("batch", args=[number]) + "?nur=doubt")


@require_POST
@needs(rights.IMPORT)
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Every row that can be used goes in, in one act; or take it back; or throw it away."""
    row, user = _batch(request, number), asked.user_of(request)
    what = request.POST.get("what", "")
    left: list[str] = []

    def act(key: uuid.UUID) -> Any:
        if runs.does(row, what):
            return runs.begin(user, row, what, key)
        if what == "apply":
            return actions.apply(user, key, row)
        if what == "undo":
            done, touched = undo.undo(user, key, row)
            left.extend(touched)
            return done
        if what == "drop":
            return actions.drop(user, key, row)
        raise Refused([asked.nothing_chosen()])

    answer = asked.answer(
        request, act, reverse("batch", args=[number]),
        lambda refused: _page(request, row, refused),
    )  # fmt: skip
    return _page(request, _batch(request, number), kept=left) if left else answer


@require_POST
@needs(rights.IMPORT)
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel the check of a list or its writing; nothing half-done is kept."""
    row = _batch(request, number)
    run = runs.last_of(row)
    if run is not None:
        runs.cancel(run)
    return HttpResponseRedirect(reverse("batch", args=[number]))


@require_GET
@needs(rights.IMPORT)
def faults(request: HttpRequest, number: int) -> HttpResponse:
    """The faulty rows in their own layout with a column of complaints, to mend and read again."""
    row = _batch(request, number)
    header = json.loads(row.header)
    try:
        rows = _faulty(row, asked.user_of(request))
    except Refused as refused:
        return _page(request, row, refused.problems)
    name = f"fehler-{number}{'-erfunden' if is_demo() else ''}"
    return views.file_answer(name, [*header, "Beanstandung"], rows, "xlsx")


def _faulty(row: Batch, user: Any) -> sheets.Rows:
    """Cells of each faulty row with what is wrong."""
    if row.state == "staged" and runs.is_long(row):
        found = checked.rows(row, "faulty") if checked.is_for(row, user) else ()
        told = [(line, [de for de, _ in json.loads(line.told)]) for line in found]
    else:
        lines = {line.pk: line for line in row.lines.all()}
        told = [(lines[p.line], [q.reason_de for q in p.problems])
                for p in staging.plan(row, user) if p.problems]  # fmt: skip
    return [[*actions.cells_of(line), "; ".join(said)] for line, said in told]
