"""What a changed rule moves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0001_kept_dates"),
        ("intake", "0004_merged"),
        ("town", "0003_names_of_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="RulesChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("compared_with", models.DateField()),
                ("land_before", models.CharField(max_length=2)),
                ("land_after", models.CharField(max_length=2)),
                ("rules", models.TextField()),
                ("people", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="RulesKept",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("land", models.CharField(max_length=2)),
                ("rules", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Moved",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40)),
                ("had", models.BooleanField()),
                ("before", models.DateField(null=True)),
                ("has", models.BooleanField()),
                ("after", models.DateField(null=True)),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="intake.household"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="intake.person"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="deadlines.ruleschange"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChangeSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="town.office"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="deadlines.ruleschange"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("change", "office"), name="one_note_per_office")
                ],
            },
        ),
    ]
