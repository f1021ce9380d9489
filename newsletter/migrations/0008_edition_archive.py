from django.db import migrations, models

from blog.indexes import AddIndexInPeace


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('newsletter', '0007_first_digests'),
    ]

    operations = [
        AddIndexInPeace(
            model_name='edition',
            index=models.Index(models.F('kind'), models.F('frozen_at').desc(), models.F('id').desc(), name='edition_archive'),
        ),
    ]
