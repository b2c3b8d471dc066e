"""What stays when a person is deleted: a certificate without values, and counts by site and day."""

from django.db import models

from vorort.web.accounts.models import Act
from vorort.web.intake.models import Person
from vorort.web.town.models import Site

DELETE, KEEP = models.CASCADE, models.PROTECT


class Deletion(models.Model):
    """That somebody was deleted, by a random id; nothing about whom. German: Löschnachweis"""

    subject = models.UUIDField(unique=True)
    at = models.DateTimeField()
    cause = models.CharField(max_length=20)  # request, period, duplicate, restored
    rows = models.IntegerField()  # how many rows went
    act = models.ForeignKey(Act, KEEP, null=True)  # null: applied again after a restore


class SiteDelta(models.Model):
    """What a deleted person was to the totals of a site, on days and as known at instants.

    Added to what the ledger counts, so that past totals, true and known, stay what they were. Not
    linked to who it was; kept internal, never in open figures.
    """

    site = models.ForeignKey(Site, DELETE)
    day_from = models.DateField()
    day_until = models.DateField()  # half-open
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)  # null: and ever since
    held = models.IntegerField(default=0)
    confirmed = models.IntegerField(default=0)
    moved_in = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    over = models.IntegerField(default=0)
    unfit = models.IntegerField(default=0)
    free = models.IntegerField(default=0)

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(fields=["site", "day_until"], name="delta_site_day"),
        ]


class Period(models.Model):
    """How long a purpose keeps people; set by the Kommune, none by default. German: Löschfrist"""

    purpose = models.CharField(max_length=20, unique=True)
    days = models.IntegerField()


class LegalHold(models.Model):
    """Somebody must not be deleted yet, until a day, and why. German: Löschsperre"""

    person = models.ForeignKey(Person, DELETE, related_name="holds")
    until = models.DateField()
    reason = models.TextField()
