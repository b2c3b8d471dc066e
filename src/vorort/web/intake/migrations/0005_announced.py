"""Who of those announced has come is asked on every Today page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_merged")]

    operations = [
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                fields=["announced_id"], name="intake_household_announced",
                condition=models.Q(announced_id__isnull=False),
            ),
        ),
    ]  # fmt: skip
