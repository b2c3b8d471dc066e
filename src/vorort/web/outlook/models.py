"""A stress test run on the register: who began it, how far it is, what came of it."""

from django.db import models

from vorort.web.running import LongRun


class Run(LongRun):
    """German: Rechenlauf. The report holds counts and sums, nothing about anybody."""

    draws = models.IntegerField()
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
