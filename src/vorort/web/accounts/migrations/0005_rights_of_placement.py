"""Rights of proposals for the roles a register was made with; a role of its own stays as it is."""

from django.db import migrations

GRANTS = {
    "belegung": ("placement.view", "placement.run", "placement.decide", "rules.view"),
    "schutz": ("placement.view", "placement.run", "placement.decide", "rules.view"),
    "planung": ("rules.view",),
    "revision": ("rules.view",),
    "verwaltung": ("rules.view", "rules.edit"),
}


def grant(apps, schema_editor):
    """Add what is missing; nothing is taken away."""
    roles = {r.key: r for r in apps.get_model("accounts", "Role").objects.all()}
    table = apps.get_model("accounts", "Grant")
    for key, rights in GRANTS.items():
        for right in rights if key in roles else ():
            table.objects.get_or_create(
                role=roles[key], right=right, defaults={"own_office_only": False}
            )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_transfers"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
