"""A feed without an address, of which there is one, holds what editors share: nobody polls it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("aggregator", "0009_the_desk")]

    operations = [
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=~Q(url="") | Q(is_active=False), name="feed_without_address_not_polled"
            ),
        ),
    ]
