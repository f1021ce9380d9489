"""Every digest takes what editors put "in the next digest"."""

from django.db import migrations


def take(apps, schema_editor):
    database = schema_editor.connection.alias
    collections = apps.get_model("aggregator", "Collection").objects.using(database)
    mail_only = list(collections.filter(is_public=False))
    for digest in apps.get_model("newsletter", "Digest").objects.using(database).all():
        digest.collections.add(*mail_only)


class Migration(migrations.Migration):

    dependencies = [
        ("aggregator", "0012_first_collections"),
        ("newsletter", "0016_state_words"),
    ]

    operations = [migrations.RunPython(take, migrations.RunPython.noop)]
