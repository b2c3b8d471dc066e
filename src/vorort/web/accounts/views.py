"""Log in, log out, language."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from vorort.web.accounts import rights
from vorort.web.helps import HELP
from vorort.web.middleware import LANGUAGES
from vorort.web.parts import NAV


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page this role may open."""
    for right, name, _, _ in NAV:
        if rights.may(request.user, right):
            return redirect(name)
    return redirect("nothing")


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Remember de or en, and go back."""
    chosen, target = request.POST.get("lang", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    if chosen in LANGUAGES:
        response.set_cookie("lang", chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


@require_GET
def nothing(request: HttpRequest) -> HttpResponse:
    """A role without any page."""
    return render(request, "web/nothing.html")


@require_GET
def all_help(request: HttpRequest) -> HttpResponse:
    """Help on every page this role opens."""
    sections = [
        (de, en, HELP[name])
        for right, name, de, en in NAV
        if name in HELP and rights.may(request.user, right)
    ]
    return render(request, "web/help.html", {"sections": sections})
