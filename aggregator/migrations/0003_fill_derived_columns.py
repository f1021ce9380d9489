"""Fills the columns that follow from others, a thousand rows at a time.

Safe to kill and to start again: rows that are filled are passed over.
"""

from django.db import migrations
from django.db.models import Exists, OuterRef

from aggregator.identity import article_key, host_of

BATCH = 1000


def fill(apps, schema_editor):
    feeds = apps.get_model("aggregator", "Feed").objects
    headlines = apps.get_model("aggregator", "Headline").objects
    _fill(feeds.filter(host=""), "host", lambda feed: host_of(feed.url))
    _fill(
        headlines.filter(article_key="").exclude(canonical_url=""),
        "article_key",
        lambda headline: article_key(headline.canonical_url),
    )
    _fill_picks(apps.get_model("aggregator", "Pick").objects)


def _fill(rows, name, derive):
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for row in batch:
            setattr(row, name, derive(row))
        rows.model.objects.bulk_update(batch, [name], batch_size=200)
        last = batch[-1].pk


def _fill_picks(picks):
    """Give each pick its article; a second one of an article gets a key of its own, and stays."""
    last = 0
    while batch := list(
        picks.filter(pk__gt=last, article_key="")
        .exclude(headline__article_key="")
        .select_related("headline")
        .order_by("pk")[:BATCH]
    ):
        last = batch[-1].pk
        for pick in batch:
            key = pick.headline.article_key
            same = picks.filter(collection_id=OuterRef("collection_id"), article_key=key)
            if not picks.filter(~Exists(same), pk=pick.pk).update(article_key=key):
                picks.filter(pk=pick.pk).update(article_key=str(pick.pk))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("aggregator", "0002_feed_health_rules_and_hubs")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
