"""A stress test run on the register: who began it, how far it is, what came of it."""

from django.db import models

from vorort.web.accounts.models import User

KEEP = models.PROTECT
OPEN = ("queued", "running")


class Run(models.Model):
    """German: Rechenlauf. The report holds counts and sums, nothing about anybody."""

    at = models.DateTimeField()
    actor = models.ForeignKey(User, KEEP, null=True, related_name="+")  # null: the command line
    draws = models.IntegerField()
    seed = models.BigIntegerField(default=1)
    state = models.CharField(max_length=20, default="queued")  # running, done, cancelled, failed
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    beat = models.DateTimeField(null=True)  # the worker's last sign of life
    is_cancelled = models.BooleanField(default=False)
    why = models.TextField(blank=True)  # of a failure
    sentence_de = models.TextField(blank=True)
    sentence_en = models.TextField(blank=True)
    result = models.TextField(blank=True)  # the JSON of `vorort stress`
    report_de = models.TextField(blank=True)
    report_en = models.TextField(blank=True)
    has_backtests = models.BooleanField(default=False)  # are they in the report?


class Review(models.Model):
    """The published cases computed back by one version; the same for every register.

    German: Rückschau
    """

    version = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    result = models.TextField()  # the JSON of `vorort backtest all`
