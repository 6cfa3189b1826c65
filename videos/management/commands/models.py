"""``manage.py models``: every vendor and model, with options, ranges, pictures and prices."""

import json

from django.core.management.base import BaseCommand

from videos.vendors import registry, sheet


class Command(BaseCommand):
    help = "List every vendor and model with its options, ranges, pictures and prices."
    requires_system_checks = ()  # it reads no settings and no rows

    def add_arguments(self, parser):
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="as JSON, for scripts")
        form.add_argument("--markdown", action="store_true", help="as the page docs/vendors.md")

    def handle(self, *args, **options):
        if options["json"]:
            text = json.dumps(sheet.catalogue(registry.VENDORS), ensure_ascii=False, indent=2)
        elif options["markdown"]:
            text = sheet.as_page(registry.VENDORS.values())
        else:
            sheets = (
                sheet.as_lines(registry.vendor(model.vendor), model) for model in registry.MODELS.values()
            )
            text = "\n\n".join("\n".join(lines) for lines in sheets)
        self.stdout.write(text, ending="" if text.endswith("\n") else "\n")
