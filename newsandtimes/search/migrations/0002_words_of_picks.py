"""Headlines that were picked with words of ours are put into the index anew, with those."""

from django.db import migrations
from django.db.models import Q

HEADLINE = 3


def note(apps, schema_editor):
    database = schema_editor.connection.alias
    picks = apps.get_model("aggregator", "Pick").objects.using(database)
    pending = apps.get_model("search", "Pending").objects.using(database)
    silent = Q(title="", translated_title="", excerpt="", note="")
    worded = picks.exclude(silent).order_by().values_list("headline_id", flat=True).distinct()
    pending.bulk_create(
        (pending.model(kind=HEADLINE, object_id=pk) for pk in worded.iterator(chunk_size=2000)),
        batch_size=2000,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("aggregator", "0011_collections_for_the_desk"),
        ("search", "0001_initial"),
    ]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
