"""Pages of lists in and out. German: Listen"""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.files.lists import KINDS
from vorort.files.sheets import MOST_BYTES
from vorort.problems import Problem, Refused
from vorort.web import asked, sight
from vorort.web.accounts import rights
from vorort.web.accounts.login import is_demo
from vorort.web.accounts.rights import needs
from vorort.web.intake.models import Household
from vorort.web.lists import actions, folder, out, sheets, staging, undo
from vorort.web.lists.models import Batch, Line
from vorort.web.lists.purposes import PURPOSES
from vorort.web.middleware import lang_of

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
@needs(rights.EXPORT)
def lists(request: HttpRequest) -> HttpResponse:
    """What can go in and out, and what went in."""
    return _lists(request)


def _lists(request: HttpRequest, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    user = asked.user_of(request)
    mine = [(k, text) for k, (text, right, _) in out.OUT.items() if rights.may(user, right)]
    batches = Batch.objects.filter(office=user.office).order_by("-pk")[:20]
    return render(request, "web/lists.html", {
        "kinds": [(k, text) for k, (text, _) in KINDS.items()], "out": mine,
        "purposes": PURPOSES, "is_empty": folder.is_empty(), "act_key": uuid.uuid4(),
        "batches": batches, "demo": is_demo(),
        "may_import": rights.may(user, rights.IMPORT), "pasted": request.POST.get("text", ""),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


@require_POST
@needs(rights.IMPORT)
def upload(request: HttpRequest) -> HttpResponse:
    """A file or pasted text becomes a batch; nothing else is written."""
    file = request.FILES.get("file")
    text = request.POST.get("text", "")
    try:
        if file is not None:
            if file.size > MOST_BYTES:
                raise Refused([_too_large()])
            name, content = str(file.name), file.read()
        elif text.strip():
            name, content = "eingefügt (erfunden)" if is_demo() else "eingefügt", text.encode()
        else:
            raise Refused([asked.nothing_chosen()])
        batch = staging.stage(asked.user_of(request), request.POST.get("kind", ""), name, content)
    except Refused as refused:
        return _lists(request, refused.problems)
    return HttpResponseRedirect(reverse("batch", args=[batch.pk]))


def _too_large() -> Problem:
    return Problem(
        "", f"Die Datei ist größer als {MOST_BYTES // 10**6} MB.",
        f"The file is larger than {MOST_BYTES // 10**6} MB.",
        "In Teilen einlesen.", "Import it in parts.",
    )  # fmt: skip


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
    user, lang = asked.user_of(request), lang_of(request)
    planned: list[staging.Planned] = []
    status = 409 if refused else 200
    if row.state == "staged":
        try:
            planned = staging.plan(row, user)
        except Refused as found:
            refused = (*refused, *found.problems)
    only = request.GET.get("nur", "")
    shown = [p for p in planned if not only or p.becomes == only]
    page = Paginator(shown, 100).get_page(request.GET.get("seite", "1"))
    mapping = json.loads(row.mapping or "{}")
    header = json.loads(row.header)
    twice = Batch.objects.filter(
        digest=row.digest, kind=row.kind, office=row.office, state="applied"
    ).exclude(pk=row.pk).order_by("-pk").first() if row.state == "staged" else None  # fmt: skip
    results = {
        r: row.lines.filter(result=r).count() for r in ("new", "same", "skipped", "faulty")
    } if row.state != "staged" else {}  # fmt: skip
    return render(request, "web/batch.html", {
        "batch": row, "label": KINDS[row.kind][0], "header": header, "page": page, "only": only,
        "columns": list(enumerate(header)), "targets": [
            (t, mapping.get(t.name, -1)) for t in KINDS[row.kind][1]
        ],
        "rows": [(p, [q.reason_de if lang == "de" else q.reason_en for q in p.problems],
                  _cells(p.row)) for p in page],
        "heads": [t.label for t in KINDS[row.kind][1]],
        "ready": sum(p.becomes == "new" or (p.becomes == "doubt" and p.choice == "new")
                     for p in planned),
        "homes": _homes(user, row) if row.state == "applied" else [],
        "twice": twice, "counts": staging.counts(planned), "total": len(planned),
        "results": results,
        "act_key": uuid.uuid4(), "undo_key": uuid.uuid4(),
        "refused": asked.told(refused, lang), **more,
    }, status=status)  # fmt: skip


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
    staging.remap(row, {k: c for k, c in columns.items() if c is not None})
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
    touched: list[str] = []

    def act(key: uuid.UUID) -> Any:
        if what == "apply":
            return actions.apply(user, key, row)
        if what == "undo":
            done, found = undo.undo(user, key, row)
            touched.extend(found)
            return done
        if what == "drop":
            return actions.drop(user, key, row)
        raise Refused([asked.nothing_chosen()])

    answer = asked.answer(
        request, act, reverse("batch", args=[number]),
        lambda refused: _page(request, row, refused),
    )  # fmt: skip
    return _page(request, _batch(request, number), touched=touched) if touched else answer


@require_GET
@needs(rights.IMPORT)
def faults(request: HttpRequest, number: int) -> HttpResponse:
    """The faulty rows in their own layout with a column of complaints, to mend and read again."""
    row = _batch(request, number)
    header = json.loads(row.header)
    lines = {line.pk: line for line in row.lines.all()}
    try:
        planned = staging.plan(row, asked.user_of(request))
    except Refused as refused:
        return _page(request, row, refused.problems)
    rows = [
        [*actions.cells_of(lines[p.line]), "; ".join(q.reason_de for q in p.problems)]
        for p in planned if p.problems
    ]  # fmt: skip
    name = f"fehler-{number}{'-erfunden' if is_demo() else ''}"
    return _file(name, [*header, "Beanstandung"], rows, "xlsx")


def _file(
    name: str, header: list[str], rows: sheets.Rows, kind: str, notes: Any = ()
) -> HttpResponse:
    content = sheets.as_csv(header, rows) if kind == "csv" else sheets.as_xlsx(header, rows, notes)
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


@require_GET
@needs(rights.IMPORT)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Columns and invented rows to start from."""
    if kind not in KINDS:
        raise Http404
    header, rows = sheets.template(kind)
    chosen = "csv" if request.GET.get("als") == "csv" else "xlsx"
    return _file(f"vorlage-{kind}-erfunden", header, rows, chosen, sheets.NOTES)


@require_POST
@needs(rights.FOLDER)
def folder_out(request: HttpRequest) -> HttpResponse:
    """The whole register as a scenario folder, packed; its purpose is written down."""
    user, purpose = asked.user_of(request), request.POST.get("purpose", "")
    if purpose not in dict(PURPOSES):
        return _lists(request, (_no_purpose(),))
    try:
        content = folder.packed()
    except Refused as refused:
        return _lists(request, refused.problems[:60])
    actions.log_export(user, "folder", purpose, Household.objects.count(), [])
    answer = HttpResponse(content, content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="planfall.zip"'
    return answer


@require_POST
@needs(rights.FOLDER)
def folder_in(request: HttpRequest) -> HttpResponse:
    """A packed scenario folder into a register that is empty."""
    file = request.FILES.get("file")

    def act(key: uuid.UUID) -> Any:
        if file is None:
            raise Refused([asked.nothing_chosen()])
        if file.size > MOST_BYTES:
            raise Refused([_too_large()])
        return folder.unpack_into(asked.user_of(request), key, file.read())

    return asked.answer(
        request, act, reverse("lists"), lambda refused: _lists(request, refused[:60])
    )


def _no_purpose() -> Problem:
    return Problem(
        "", "Der Zweck fehlt.", "The purpose is missing.",
        "Wofür wird die Liste gebraucht?", "What is the list needed for?", column="purpose",
    )  # fmt: skip


@require_POST
@needs(rights.EXPORT)
def export(request: HttpRequest, what: str) -> HttpResponse:
    """A list goes out: its purpose is asked for and written down."""
    user = asked.user_of(request)
    if what not in out.OUT or not rights.may(user, out.OUT[what][1]):
        raise Http404
    purpose = request.POST.get("purpose", "")
    if purpose not in dict(PURPOSES):
        return _lists(request, (_no_purpose(),))
    sheet = out.OUT[what][2](user, request.GET)
    actions.log_export(user, what, purpose, len(sheet.rows), sheet.named)
    chosen = "csv" if request.POST.get("als") == "csv" else "xlsx"
    return _file(what, sheet.header, sheet.rows, chosen)
