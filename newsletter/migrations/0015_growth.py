from django.db import migrations, models

from blog.indexes import AddIndexInPeace


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('newsletter', '0014_imports'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubscriberDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('gained', models.PositiveIntegerField(default=0)),
                ('left', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-day'],
                'default_permissions': (),
            },
        ),
        AddIndexInPeace(
            model_name='subscriberevent',
            index=models.Index(models.F('kind'), models.F('at'), name='event_by_kind'),
        ),
    ]
