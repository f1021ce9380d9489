from django.db import migrations, models

from blog.indexes import AddIndexInPeace


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('newsletter', '0012_sign_up'),
    ]

    operations = [
        AddIndexInPeace(
            model_name='subscriber',
            index=models.Index(models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), models.F('state'), models.F('language'), models.F('rhythm'), models.F('confirmed_at'), name='subscriber_listed'),
        ),
        migrations.RemoveIndex(
            model_name='subscriber',
            name='subscriber_newest',
        ),
    ]
