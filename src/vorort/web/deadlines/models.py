"""The next legal dates of everybody, kept so that no page reckons 60,000 people. German: Fristen

Everything here can be made again from people, households and stays (`keeping.reckon_all`). A
backup leaves it out.
"""

from django.db import models

from vorort.web.intake.models import Household, Person

DELETE = models.CASCADE


class Due(models.Model):
    """A date of a person that is not met; without a day where that is unknown. German: Frist"""

    person = models.ForeignKey(Person, DELETE)
    household = models.ForeignKey(Household, DELETE)
    rule = models.CharField(max_length=40)
    day = models.DateField(null=True)

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(fields=["rule", "day"], name="deadlines_due_rule_day"),
            models.Index(fields=["day", "rule"], name="deadlines_due_day_rule"),
        ]


class Reckoned(models.Model):
    """For which day everybody's dates were reckoned, and by which rules. German: Stand

    ``mark`` is drawn anew with every change of people, as that of a site.
    """

    on = models.DateField()
    by = models.CharField(max_length=64)
    mark = models.BigIntegerField(default=0)


class Stirred(models.Model):
    """Whose dates may have changed since; written by triggers, emptied by `keeping.settle`."""

    person = models.UUIDField(null=True)
    household = models.BigIntegerField(null=True)
