from django.db import migrations, models


def as_it_came(apps, schema_editor):
    """No key was replaced yet: each is the one that named its account."""
    apps.get_model("videos", "VendorKey").objects.update(fingerprint=models.F("account"))


class Migration(migrations.Migration):

    dependencies = [
        ('videos', '0014_attempts_by_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='vendorkey',
            name='fingerprint',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(as_it_came, migrations.RunPython.noop, elidable=True),
    ]
