from django.db import migrations


def emptied(apps, schema_editor):
    """What was kept in the open goes: it had been acted on, and nothing read it again."""
    apps.get_model("videos", "CallbackDelivery").objects.update(body_sealed=b"")


class Migration(migrations.Migration):

    dependencies = [
        ('videos', '0012_stacks'),
    ]

    operations = [
        migrations.RenameField(model_name='callbackdelivery', old_name='body', new_name='body_sealed'),
        migrations.RunPython(emptied, migrations.RunPython.noop, elidable=True),
    ]
