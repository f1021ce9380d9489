from django.db import migrations
from django.utils import translation
from django.utils.translation import gettext as _

from newsletter.models.rhythm import EVERY_DAY


def make(apps, schema_editor):
    """Give every rhythm its digest, in the site's language; they go out once there is a reader."""
    database = schema_editor.connection.alias
    site = apps.get_model('blog', 'SiteSettings').objects.using(database).first()
    with translation.override(site.language if site else 'en'):
        wanted = [
            ('daily', _('The daily review'), EVERY_DAY),
            ('weekdays', _('The review on weekdays'), '12345'),
            ('weekly', _('The week in review'), '5'),
        ]
        digests = apps.get_model('newsletter', 'Digest').objects.using(database)
        for audience, title, days in wanted:
            digests.get_or_create(
                audience=audience, defaults={'title': title, 'slug': audience, 'days': days}
            )


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0019_shows_feeds'),
        ('newsletter', '0006_audience'),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
