"""How much of one outlet is too much, as the newsroom says of collections and editions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0020_outside_pictures")]

    operations = [
        migrations.AddField(
            "sitesettings",
            "outlet_share",
            models.PositiveSmallIntegerField(
                default=40,
                help_text=(
                    "In percent. The newsroom says so where a collection or an edition has more "
                    "than that of one outlet. 0: it never does."
                ),
                verbose_name="most of one outlet",
            ),
        ),
        migrations.AddField(
            "sitesettings",
            "outlet_share_from",
            models.PositiveSmallIntegerField(
                default=5,
                help_text="So many headlines there must be before a share is worth a word.",
                verbose_name="most of one outlet, from",
            ),
        ),
        migrations.AddConstraint(
            "sitesettings",
            models.CheckConstraint(
                condition=models.Q(outlet_share__range=(0, 100)),
                name="outlet_share_is_percent",
                violation_error_message="A share is between 0 and 100 percent.",
            ),
        ),
    ]
