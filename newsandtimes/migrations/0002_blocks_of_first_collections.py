"""Blocks of the front page for the collections that migrations have made: those send no signals."""

from django.db import migrations


def fill(apps, schema_editor):
    database = schema_editor.connection.alias
    blocks = apps.get_model("newsandtimes", "FrontBlock").objects.using(database)
    collections = apps.get_model("aggregator", "Collection").objects.using(database)
    for collection in collections.filter(front_block=None):
        blocks.create(kind="collection", collection=collection)


class Migration(migrations.Migration):

    dependencies = [
        ("aggregator", "0012_first_collections"),
        ("newsandtimes", "0001_front_page"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
