"""Logging in, step by step: name and password, then the code; the first time, setting both up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import login as begin_session
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from vorort.vocabulary import Text
from vorort.web.accounts import factor, first_look
from vorort.web.accounts.login import by_password, is_demo
from vorort.web.accounts.models import User
from vorort.web.demo import PASSWORD
from vorort.web.town.models import Kommune

PENDING, MINUTES = "pending", 10
WRONG = Text("Name oder Passwort stimmt nicht.", "User name or password is wrong.")
WRONG_CODE = Text(
    "Der Code stimmt nicht oder wurde schon benutzt.", "The code is wrong or was used already."
)


@require_http_methods(["GET", "POST"])
@login_not_required
def login(request: HttpRequest) -> HttpResponse:
    """User name and password; the first time the start code in its place."""
    if request.method == "GET":
        return _page(request, "web/login.html")
    name, password = request.POST.get("username", "")[:80], request.POST.get("password", "")[:200]
    until = factor.wait_until(name, _address(request))
    if until is not None:
        return _page(request, "web/login.html", wait=until)
    user, is_start = by_password(name, password)
    if user is None:
        factor.failed(name, _address(request))
        return _page(request, "web/login.html", wrong=WRONG)
    if user.is_demo:
        return _begin(request, user)
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk, "start": is_start, "at": timezone.now().timestamp(),
        "next": request.POST.get("next", ""),
    }  # fmt: skip
    needs_setup = is_start or not factor.has_factor(user)
    return redirect("login_setup" if needs_setup else "login_code")


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _page(
    request: HttpRequest, template: str, wrong: Text | None = None, wait: datetime | None = None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    local = timezone.localtime(wait) if wait else None
    status = 429 if wait else 409 if wrong else 200
    where = {
        "next": request.POST.get("next", request.GET.get("next", "")), "wrong": wrong,
        "wait": local, "demo": is_demo(), **more,
    }  # fmt: skip
    if where["demo"]:
        where |= {"logins": first_look.logins(), "password": PASSWORD}
    return render(request, template, where, status=status)


def _pending(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Whose password was right a moment ago; None: begin again."""
    found = request.session.get(PENDING)
    if not found or timezone.now().timestamp() - found["at"] > MINUTES * 60:
        return None
    user = User.objects.filter(pk=found["user"], is_active=True, is_demo=False).first()
    return None if user is None or is_demo() else (user, found)


def _begin(request: HttpRequest, user: User) -> HttpResponse:
    target = (request.session.get(PENDING) or {}).get("next") or request.POST.get("next", "")
    factor.succeeded(user.username)
    request.session.pop(PENDING, None)
    begin_session(request, user, backend="vorort.web.accounts.login.LocalLogin")
    if not target or not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    return HttpResponseRedirect(target)


@require_http_methods(["GET", "POST"])
@login_not_required
def code(request: HttpRequest) -> HttpResponse:
    """The second factor, or a recovery code."""
    pending = _pending(request)
    if pending is None:
        return redirect("login")
    user, _ = pending
    if request.method == "GET":
        return _page(request, "web/login_code.html")
    name, sent = f"code {user.username}", request.POST.get("code", "")[:40]
    until = factor.wait_until(name, _address(request))
    if until is not None:
        return _page(request, "web/login_code.html", wait=until)
    with transaction.atomic():
        is_right = factor.takes(user, sent) or factor.takes_recovery(user, sent)
    if not is_right or not factor.has_factor(user):
        factor.failed(name, _address(request))
        return _page(request, "web/login_code.html", wrong=WRONG_CODE)
    factor.succeeded(name)
    return _begin(request, user)


@require_http_methods(["GET", "POST"])
@login_not_required
def setup(request: HttpRequest) -> HttpResponse:
    """The first login: a password of one's own, and the code app."""
    pending = _pending(request)
    if pending is None or (factor.has_factor(pending[0]) and not pending[1]["start"]):
        return redirect("login")
    user, found = pending
    shown = {"secret": _grouped(factor.new_secret(user)), "needs_password": found["start"]}
    if request.method == "GET":
        return _page(request, "web/login_setup.html", **shown)
    name = f"code {user.username}"
    until = factor.wait_until(name, _address(request))
    if until is not None:
        return _page(request, "web/login_setup.html", wait=until, **shown)
    password = request.POST.get("password", "")[:200]
    problem = _weak(user, password, request.POST.get("again", "")) if found["start"] else None
    if problem is not None:
        return _page(request, "web/login_setup.html", problem, **shown)
    with transaction.atomic():
        if not factor.takes(user, request.POST.get("code", "")):
            codes = None
        else:
            if found["start"]:
                user.set_password(password)
                user.start_code, user.start_until = "", None
            factor.end_sessions(user)
            codes = factor.new_recovery_codes(user)
    if codes is None:
        factor.failed(name, _address(request))
        return _page(request, "web/login_setup.html", WRONG_CODE, **shown)
    _begin(request, user)
    return render(request, "web/recovery.html", {"codes": codes})


def _weak(user: User, password: str, again: str) -> Text | None:
    if password != again:
        return Text("Die beiden Passwörter sind verschieden.", "The two passwords differ.")
    try:
        validate_password(password, user)
    except ValidationError:
        return Text(
            "Das Passwort ist zu kurz (mindestens 12 Zeichen) oder zu bekannt.",
            "The password is too short (at least 12 characters) or too common.",
        )
    return None


def _grouped(secret: str) -> str:
    return " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))


@require_GET
@login_not_required
def picture(request: HttpRequest) -> HttpResponse:
    """What the phone scans, only while it is being set up."""
    pending = _pending(request)
    if pending is None or (factor.has_factor(pending[0]) and not pending[1]["start"]):
        return redirect("login")
    town = Kommune.objects.values_list("name", flat=True).first() or ""
    return HttpResponse(factor.picture(pending[0], town), content_type="image/svg+xml")


@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password for oneself; all other sessions end."""
    user: Any = request.user
    if request.method == "GET" or user.is_demo:
        return render(request, "web/password.html", {"demo": user.is_demo})
    new = request.POST.get("password", "")[:200]
    known, _ = by_password(user.username, request.POST.get("old", "")[:200])
    problem = _weak(user, new, request.POST.get("again", ""))
    if known is None:
        problem = Text("Das bisherige Passwort stimmt nicht.", "The present password is wrong.")
    if problem is not None:
        return render(request, "web/password.html", {"wrong": problem}, status=409)
    user.set_password(new)
    factor.end_sessions(user)
    begin_session(request, user, backend="vorort.web.accounts.login.LocalLogin")
    return render(request, "web/password.html", {"done": True})
