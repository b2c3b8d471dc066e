"""A site goes to another office: open tasks about it go along. German: Stellenwechsel"""

from __future__ import annotations

from django.db.models import Q

from vorort.web.accounts import trail
from vorort.web.accounts.models import Act
from vorort.web.tasks.models import Task
from vorort.web.town.models import Office, Site


def follow(act: Act, site: Site, before: Office) -> None:
    """Within the act that gave ``site`` to another office: what the old one had to do at it.

    A unit is free again when somebody says the task is done, and the same occasion makes no second
    task: with the old office both would be lost. What a third office has to do stays with it.
    """
    about = Q(site=site) | Q(unit__facility=site)
    rows = Task.objects.filter(about, office=before, done_by__isnull=True)
    for row in rows.select_for_update(of=("self",)):
        row.office = site.owner
        row.save(update_fields=["office"])
        told = {"office": (before.key, site.owner.key)}
        trail.changed(act, "task", row.pk, told, subject=row.person_id)
