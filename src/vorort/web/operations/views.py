"""The page on operations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.operations import health


@require_GET
@needs(rights.HEALTH)
def operations(request: HttpRequest) -> HttpResponse:
    """Every check."""
    found = health.checks()
    bad = sum(not c.is_good for c in found)
    return render(request, "web/operations.html", {"checks": found, "bad": bad})
