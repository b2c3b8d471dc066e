"""Merged records and protected households are found without walking through everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_care_and_names")]

    operations = [
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                fields=["protected"], name="intake_household_protected",
                condition=models.Q(protected=True),
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["same_as"], name="intake_person_merged",
                condition=models.Q(same_as__isnull=False),
            ),
        ),
    ]  # fmt: skip
