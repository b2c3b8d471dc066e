"""An ask to another office for a place it owns. Only the owner confirms. German: Anfrage"""

from django.db import models

from vorort.web.accounts.models import Act
from vorort.web.intake.models import Person
from vorort.web.town.models import Office, Unit

DELETE, KEEP = models.CASCADE, models.PROTECT
OPEN = ("open", "countered")  # somebody still has to say something


class Request(models.Model):
    """For one person; those of a family made together share the act that made them.

    A home never waits for it, and a refusal never touches a home.
    """

    person = models.ForeignKey(Person, DELETE, related_name="requests")
    domain = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, KEEP, null=True, related_name="+")  # null: any of the owner's
    asker = models.ForeignKey(Office, KEEP, related_name="+")
    owner = models.ForeignKey(Office, KEEP, related_name="+")
    wanted_from = models.DateField()
    due = models.DateField()  # by when an answer is asked for
    status = models.CharField(max_length=20, default="open")  # see `words`
    reason = models.CharField(max_length=40, blank=True)  # of a refusal, as a code
    note = models.TextField(blank=True)  # of the answer; dies with the person
    offer_unit = models.ForeignKey(Unit, KEEP, null=True, related_name="+")
    offer_from = models.DateField(null=True)
    made_by = models.ForeignKey(Act, KEEP, related_name="+")
    answered_by = models.ForeignKey(Act, KEEP, null=True, related_name="+")

    class Meta:
        indexes = [  # noqa: RUF012
            models.Index(fields=["owner", "status", "due"], name="request_owner_due"),
            models.Index(fields=["asker", "status", "due"], name="request_asker_due"),
        ]

    @property
    def said(self) -> str:
        """The state as a word of its own: others say "open" and "refused" of other things."""
        return f"asked_{self.status}"

    @property
    def why(self) -> str:
        """The reason of a refusal as a word."""
        return f"answer_{self.reason}"
