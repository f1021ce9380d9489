"""Digests that never went out, as a new site's, take what editors select: one decision, every output."""

from django.db import migrations


def take(apps, schema_editor):
    """Add the Desk's default collection where nobody has chosen, or got, anything yet."""
    database = schema_editor.connection.alias
    collections = apps.get_model("aggregator", "Collection").objects.using(database)
    selected = collections.filter(desk_key="s", is_public=True).first()
    digests = apps.get_model("newsletter", "Digest").objects.using(database)
    untouched = digests.exclude(collections__is_public=True)
    if selected is not None:
        for digest in untouched.exclude(editions__frozen_at__isnull=False):
            digest.collections.add(selected)


class Migration(migrations.Migration):

    dependencies = [
        ("newsletter", "0018_rare_choices"),
    ]

    operations = [migrations.RunPython(take, migrations.RunPython.noop)]
