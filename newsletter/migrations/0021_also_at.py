"""Which other outlets tell of an article's event: named in mail as they are on the site."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0020_item_languages")]

    operations = [
        migrations.AddField(
            "editionitem",
            "also_at",
            models.JSONField(
                db_default=[],
                default=list,
                help_text=(
                    "Other outlets that tell of the same event, each with the address where it does."
                ),
            ),
        ),
    ]
