"""By which list of preferred outlets recent stories have their leads: a digest of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aggregator", "0016_stories_by_weight")]

    operations = [
        migrations.AddField(
            "groupingstate",
            "led_by",
            models.CharField(
                default="",
                help_text="A digest of the preferred outlets by which recent stories have their leads.",
                max_length=32,
            ),
        ),
    ]
