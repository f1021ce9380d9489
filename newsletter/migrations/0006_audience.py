from django.db import migrations, models

from blog.indexes import AddIndexInPeace


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('newsletter', '0005_editions'),
    ]

    operations = [
        AddIndexInPeace(
            model_name='subscriber',
            index=models.Index(models.F('state'), models.F('rhythm'), models.F('id'), name='subscriber_audience'),
        ),
    ]
