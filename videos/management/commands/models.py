"""``manage.py models``: every vendor and model, with options, ranges, pictures and prices; or,
with ``--wish``, which of them can do it, as the page has it."""

import json

from django.core.management.base import BaseCommand, CommandError

from videos import labels, words
from videos.create.finder.forms import FinderForm
from videos.create.finder.results import describe_values
from videos.vendors import catalogue, offers, registry
from videos.vendors.offers import Offer


class Command(BaseCommand):
    help = "List every vendor and model with its options, ranges, pictures and prices."
    requires_system_checks = ()  # it reads no settings and no rows

    def add_arguments(self, parser):
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="as JSON, for scripts")
        form.add_argument("--markdown", action="store_true", help="as the page docs/vendors.md")
        parser.add_argument(
            "--wish",
            nargs="+",
            action="extend",
            default=[],
            metavar="NAME=VALUE",
            help="which models can do it: " + " ".join(FinderForm.base_fields),
        )

    def handle(self, *args, **options):
        if options["wish"]:
            text = self.answers(options["wish"], as_json=options["json"])
        elif options["json"]:
            text = json.dumps(catalogue.catalogue(registry.VENDORS), ensure_ascii=False, indent=2)
        elif options["markdown"]:
            text = catalogue.as_page(registry.VENDORS.values())
        else:
            sheets = (
                catalogue.as_lines(registry.vendor(model.vendor), model) for model in registry.MODELS.values()
            )
            text = "\n\n".join("\n".join(lines) for lines in sheets)
        self.stdout.write(text, ending="" if text.endswith("\n") else "\n")

    def answers(self, wishes: list[str], *, as_json: bool) -> str:
        finder = FinderForm(dict(pair.partition("=")[::2] for pair in wishes))
        unknown = [pair for pair in wishes if pair.partition("=")[0] not in finder.fields]
        if unknown or finder.errors:
            said = [f"{name}: {' '.join(errors)}" for name, errors in finder.errors.items()]
            known = f"of a {finder.medium} one may wish: {' '.join(finder.fields)}"
            raise CommandError("\n".join([*(f"{pair}: not known; {known}" for pair in unknown), *said]))
        found = sorted(
            offers.offers(finder.want), key=lambda one: (bool(one.problems), one.cost is None, one.cost or 0)
        )
        if as_json:
            return json.dumps([described(one) for one in found], ensure_ascii=False, indent=2)
        return "\n".join("\n        ".join(lines(one)) for one in found)


def lines(offer: Offer) -> list[str]:
    if offer.problems:
        return [f"cannot  {offer.model.key}", *map(words.describe_problem, offer.problems)]
    price = labels.price(offer.price, registry.vendor(offer.model.vendor).unit) or "unknown until done"
    return [
        f"can     {offer.model.key}",
        " · ".join(filter(None, (describe_values(offer), price))),
        *map(words.describe_warning, offer.doubts),
    ]


def described(offer: Offer) -> dict[str, object]:
    """One answer as plain JSON values. Money is text, to keep every digit."""
    reasons = [
        {"field": one.field, "code": one.code, "message": words.describe_problem(one)}
        for one in offer.problems
    ]
    return {
        "model": offer.model.key,
        "can": not offer.problems,
        "options": dict(offer.options),
        "price": None if offer.price is None else labels.figure(offer.price.amount),
        "unit": registry.vendor(offer.model.vendor).unit,
        "usd": None if offer.cost is None else labels.figure(offer.cost),
        "reasons": reasons,
    }
