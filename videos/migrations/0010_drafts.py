import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0009_recipes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="draft",
            name="one_draft_per_person",
        ),
        migrations.AddField(
            model_name="draft",
            name="token",
            # A draft from before is one that nobody's form claims yet.
            field=models.CharField(default="kept", max_length=64),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="draft",
            name="saved_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("team", "user", "token"), name="one_draft_per_form"),
        ),
    ]
