"""What an announcement says, as the form for a household begins with it. German: Ankündigung"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from vorort.web import clock
from vorort.web.intake.models import Household
from vorort.web.town.models import Announcement


def open_one(key: str) -> Announcement | None:
    """An announcement nobody has registered yet."""
    if not key or Household.objects.filter(announced_id=key).exists():
        return None
    return Announcement.objects.filter(key=key).first()


def household(row: Announcement) -> dict[str, Any]:
    """Fields of the household: who was announced arrives on the day it is registered."""
    return {"group": row.group, "arrived_on": clock.today(), "size_stated": row.persons}


def people(row: Announcement, most: int) -> dict[str, str]:
    """Ages and sexes as lines of the form, as if typed."""
    sexes = row.sexes.split()
    found = {}
    for n, age in enumerate(row.ages.split()[:most]):
        found[f"born-{n}"] = age
        sex = sexes[n] if n < len(sexes) else "-"
        found[f"sex-{n}"] = "" if sex == "-" else sex
    return found


BEFORE, AFTER = timedelta(days=14), timedelta(days=7)  # around today: who may be at the door


def waiting() -> list[Announcement]:
    """Announced for these days and not registered yet, by day."""
    today = clock.today()
    there = Household.objects.filter(announced_id__isnull=False).values("announced_id")
    found = Announcement.objects.filter(
        expected_on__gte=today - BEFORE, expected_on__lte=today + AFTER
    ).exclude(key__in=there)
    return list(found.order_by("expected_on", "key"))
