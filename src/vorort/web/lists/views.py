"""Pages of lists in and out. German: Listen"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.files.lists import KINDS
from vorort.files.sheets import MOST_BYTES
from vorort.problems import Problem, Refused
from vorort.web import asked
from vorort.web.accounts import rights
from vorort.web.accounts.login import is_demo
from vorort.web.accounts.rights import needs
from vorort.web.intake.models import Household
from vorort.web.lists import actions, folder, out, runs, sheets, staging
from vorort.web.lists.models import Batch
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
        "batches": batches, "demo": is_demo(), "may_folder": folder.may(user),
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
    check_if_long(request, batch)
    return HttpResponseRedirect(reverse("batch", args=[batch.pk]))


def check_if_long(request: HttpRequest, row: Batch) -> None:
    if row.state == "staged" and runs.is_long(row):
        runs.begin(asked.user_of(request), row, "check", uuid.uuid4())


def _too_large() -> Problem:
    return Problem(
        "", f"Die Datei ist größer als {MOST_BYTES // 10**6} MB.",
        f"The file is larger than {MOST_BYTES // 10**6} MB.",
        "In Teilen einlesen.", "Import it in parts.",
    )  # fmt: skip


def file_answer(
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
    return file_answer(f"vorlage-{kind}-erfunden", header, rows, chosen, sheets.NOTES)


@require_POST
@needs(rights.FOLDER)
def folder_out(request: HttpRequest) -> HttpResponse:
    """The whole register as a scenario folder, packed; its purpose is written down."""
    user, purpose = asked.user_of(request), request.POST.get("purpose", "")
    if not folder.may(user):
        raise PermissionDenied(rights.PROTECTED)
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
    return file_answer(what, sheet.header, sheet.rows, chosen)
