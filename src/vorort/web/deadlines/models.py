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
        indexes = [models.Index(fields=["rule", "day"], name="deadlines_due_rule_day")]  # noqa: RUF012


class Reckoned(models.Model):
    """For which day everybody's dates were reckoned, and by which rules. German: Stand"""

    on = models.DateField()
    by = models.CharField(max_length=64)


class Stirred(models.Model):
    """Whose dates may have changed since; written by triggers, emptied by `keeping.settle`."""

    person = models.UUIDField(null=True)
    household = models.BigIntegerField(null=True)
