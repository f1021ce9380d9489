from django.db import migrations, models

from blog.indexes import AddIndexInPeace


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('newsletter', '0010_address_change'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='alarmed_at',
            field=models.DateTimeField(blank=True, help_text='When it was paused because its first mails failed.', null=True),
        ),
        migrations.RenameModel('SentMinute', 'SentSecond'),
        migrations.AlterField(
            model_name='sentsecond',
            name='at',
            field=models.DateTimeField(help_text="The second's start.", primary_key=True, serialize=False),
        ),
        # Not through the queued mails of a paused edition to those of another.
        AddIndexInPeace(
            model_name='delivery',
            index=models.Index('edition', 'due_at', 'id', condition=models.Q(('state', 'queued')), name='delivery_next'),
        ),
        migrations.RemoveIndex(model_name='delivery', name='delivery_due'),
    ]
