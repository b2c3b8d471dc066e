"""What the ledger counts, kept as sums, so that no page counts 60,000 stays. German: Summen

Everything here can be made again from the rows of places and stays (`keeping.rebuild`); nothing
says who somebody is. A backup leaves it out.
"""

from django.db import models

from vorort.ledger.deltas import NAMES
from vorort.web.town.models import Site

DELETE = models.CASCADE


class Figures(models.Model):
    """The figures of a `UnitDay`, in the order of `vorort.ledger.deltas.NAMES`."""

    nominal = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    repair = models.IntegerField(default=0)
    turnaround = models.IntegerField(default=0)
    reserve = models.IntegerField(default=0)
    other = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    confirmed = models.IntegerField(default=0)
    moved_in = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    over = models.IntegerField(default=0)
    unfit = models.IntegerField(default=0)
    free = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Delta(Figures):
    """From a day and from an instant of knowing on, a site has so much more. German: Änderung"""

    site = models.ForeignKey(Site, DELETE)
    day = models.DateField()
    known_at = models.DateTimeField()
    expires = models.DateField(null=True)  # counts only while this day has not come

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(fields=["site", "day"], name="totals_delta_site_day"),
            models.Index(
                fields=["expires"], name="totals_delta_expires",
                condition=models.Q(expires__isnull=False),
            ),
        ]  # fmt: skip


class SiteDay(Figures):
    """Totals of a site from a day on until its next row, by all that is known. German: Stand"""

    site = models.ForeignKey(Site, DELETE)
    day = models.DateField()

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["site", "day"], name="totals_one_row_a_day")
        ]


class SiteMark(models.Model):
    """Drawn by luck whenever a page might show a site otherwise; never the same twice, not even
    in a register that was restored. German: Marke"""

    site = models.OneToOneField(Site, DELETE, primary_key=True)
    value = models.BigIntegerField()


class Touched(models.Model):
    """What has changed and is not in the totals yet; written by triggers, emptied by `settle`."""

    site = models.BigIntegerField(null=True)
    unit = models.BigIntegerField(null=True)
    target = models.CharField(max_length=120, default="", db_default="")  # of an event: a key
    event = models.CharField(max_length=120, default="", db_default="")  # a new one: its key
    is_anew = models.BooleanField()  # everything about the site is to be counted again


if tuple(f.name for f in Figures._meta.local_fields) != NAMES:
    raise TypeError("the ledger's figures have changed: so must the tables")
