from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("videos", "0019_accounts")]
    operations = [
        migrations.RenameField(model_name="project", old_name="trashed_at", new_name="archived_at"),
    ]
