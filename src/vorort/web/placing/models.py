"""Stays: what we believe now, and what we believed before. German: Belegung

Two tables, so that every read of the present is plain. A stay changes only in `actions`, which
copies the row into ``StayOld`` first: nothing is overwritten.
"""

from django.db import models

from vorort.web.accounts.models import Act
from vorort.web.intake.models import Person
from vorort.web.town.models import Unit

DELETE, KEEP = models.CASCADE, models.PROTECT


class Version(models.Model):
    """The columns of one version of a stay; ``key`` is the version's id in the folder."""

    number = models.BigIntegerField()  # order of the folder, then order of writing
    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, DELETE)
    domain = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, KEEP, null=True)
    status = models.CharField(max_length=20)
    requested_on = models.DateField(null=True)
    from_on = models.DateField(null=True)
    until = models.DateField(null=True)
    ended_reason = models.TextField(null=True)
    kept_until = models.DateField(null=True)
    # of a hold that ends at an hour; ``kept_until`` is then the day after. Not in a folder.
    expires_at = models.DateTimeField(null=True)
    over_occupancy_reason = models.TextField(null=True)
    over_until = models.DateField(null=True)
    second_place = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(null=True)
    replaces = models.CharField(max_length=200, null=True)
    source = models.TextField(null=True)
    act = models.ForeignKey(Act, KEEP, null=True, related_name="+")  # null: came with the folder

    class Meta:
        abstract = True


class Stay(Version):
    """The version in force: past, present or planned."""

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(fields=["unit", "until", "from_on"], name="stay_unit_days"),
            models.Index(fields=["domain", "status"], name="stay_domain_status"),
            models.Index(fields=["number"], name="stay_number"),  # the next one is asked for
            models.Index(
                fields=["expires_at"],
                name="stay_expires_at",
                condition=models.Q(expires_at__isnull=False),
            ),
        ]


class StayOld(Version):
    """A version that was in force from ``recorded_at`` until ``superseded_at``; append only."""

    stay = models.ForeignKey(Stay, DELETE)
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey(Act, KEEP, null=True, related_name="+")

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(fields=["number"], name="stay_old_number"),
        ]
