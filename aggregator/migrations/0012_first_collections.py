"""The collections that every site begins with, and the keys of the Desk for those that are there."""

from django.db import migrations
from django.utils import translation
from django.utils.translation import gettext as _

MAIL_ONLY = "in-the-next-digest"


def make(apps, schema_editor):
    """Make what is missing, in the site's language; of what is there only the empty key is filled.

    A slug at whose address a page stands is left to that page.
    """
    database = schema_editor.connection.alias
    collections = apps.get_model("aggregator", "Collection").objects.using(database)
    pages = apps.get_model("blog", "Page").objects.using(database)
    site = apps.get_model("blog", "SiteSettings").objects.using(database).first()
    existing = list(collections.order_by("position", "id"))
    last = max((one.position for one in existing), default=0)
    with translation.override(site.language if site else "en"):
        wanted = [
            ("selected-articles", _("Selected Articles"), "s", {"home_count": 8}),
            ("tweets", _("Tweets"), "", {}),
            ("links", _("Links"), "", {}),
            ("starred", _("Starred"), "*", {}),
            (MAIL_ONLY, _("In the next digest"), "d", {"is_public": False}),
        ]
        for position, (slug, title, key, fields) in enumerate(wanted, start=last + 1):
            if pages.filter(slug=slug).exists():
                continue
            found, _is_new = collections.get_or_create(
                slug=slug, defaults={"title": title, "position": position, **fields}
            )
            # An own collection that happens to stand at this address stays what it is.
            if key and (key != "d" or not found.is_public):
                collections.filter(pk=found.pk).update(desk_key=key)
    without = collections.filter(desk_key="").order_by("position", "id")
    for digit, pk in zip("123456789", list(without.values_list("pk", flat=True))):
        collections.filter(pk=pk).update(desk_key=digit)


class Migration(migrations.Migration):

    dependencies = [
        ("aggregator", "0011_collections_for_the_desk"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
