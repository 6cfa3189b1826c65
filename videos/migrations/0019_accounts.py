"""Addresses in their one spelling (videos/models/email_addresses.py), sessions that can be ended, letters."""

from django.db import IntegrityError, migrations, models, transaction

from videos.models.email_addresses import fold


def spell_anew(apps, schema_editor):
    """Only addresses with other letters than ASCII change. Where two rows would become one
    address, the later one stays as it was: nobody can sign in with it until a person has looked."""
    for app, model in (("videos", "User"), ("account", "EmailAddress"), ("videos", "Invite")):
        rows = apps.get_model(app, model).objects
        for pk, email in rows.order_by("pk").values_list("pk", "email").iterator():
            if email.isascii():
                continue
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(email=fold(email))
            except IntegrityError:
                pass


class Migration(migrations.Migration):

    dependencies = [
        ("videos", "0018_key_empty_since"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_epoch",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(max_length=120, unique=True)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "indexes": [models.Index(fields=["next_at"], name="letter_due")],
            },
        ),
        migrations.RunPython(spell_anew, migrations.RunPython.noop),
    ]
