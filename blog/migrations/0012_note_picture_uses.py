"""Notes where pictures stand in the texts that are there already."""

import re

from django.db import migrations

PICTURE = re.compile(r'<img[^>]*\ssrc="[^"]*?((?:images|pictures)/[^"]+)"')


def note_uses(apps, schema_editor):
    Image, ImageUse = apps.get_model('blog', 'Image'), apps.get_model('blog', 'ImageUse')
    images = dict(Image.objects.values_list('file', 'pk'))
    if not images:
        return
    for name in ('post', 'page'):
        texts = apps.get_model('blog', name.title()).objects.filter(body__contains='<img ')
        uses = []
        for pk, body in texts.values_list('pk', 'body').iterator(chunk_size=500):
            found = {images[file] for file in PICTURE.findall(body) if file in images}
            uses += [ImageUse(image_id=image, **{f'{name}_id': pk}) for image in found]
            if len(uses) >= 500:
                ImageUse.objects.bulk_create(uses, ignore_conflicts=True)
                uses = []
        ImageUse.objects.bulk_create(uses, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0011_login_failures'),
    ]

    operations = [migrations.RunPython(note_uses, migrations.RunPython.noop)]
