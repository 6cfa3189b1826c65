"""Prompts become findable (videos/search/schema.py)."""

from django.db import migrations

from videos.search import schema


class Migration(migrations.Migration):
    dependencies = [("videos", "0001_initial")]
    operations = [migrations.RunPython(schema.make, schema.drop)]
