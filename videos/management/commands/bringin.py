"""Imports a result that was made elsewhere, by its vendor's task id. It orders nothing."""

from django.core.management.base import BaseCommand, CommandError

from videos import access, words
from videos.jobs import verbs
from videos.management.commands.addkey import team_named
from videos.vendors import registry

REFUSED = 2


class Command(BaseCommand):
    help = "Asks the vendor about a task and keeps its result. Nothing is ordered. Exit 2: nothing was made, and why."

    def add_arguments(self, parser):
        parser.add_argument("task_id", metavar="TASK")
        parser.add_argument("--team", required=True, metavar="NAME")
        parser.add_argument("--model", required=True, help="vendor/model it was made with")
        parser.add_argument("--prompt", default="", help="what was asked for")
        parser.add_argument("--rehearsal", action="store_true", help="ask with a rehearsal key")
        parser.add_argument(
            "--none-of",
            nargs="*",
            default=[],
            metavar="ID",
            help="jobs whose answer was lost and whose task this is not",
        )

    def handle(self, *, task_id, team, model, prompt, rehearsal, none_of, **options):
        known = registry.MODELS.get(model)
        if known is None:
            raise CommandError(f"There is no model {model}: see manage.py models.", returncode=REFUSED)
        owner = (
            team_named(team).memberships.select_related("team", "user").filter(role="owner").earliest("id")
        )
        key = access.usable_keys(owner).filter(vendor=known.vendor, rehearsal=rehearsal).first()
        try:
            job = verbs.import_result(owner, key, known, task_id, prompt, none_of)
            self.stdout.write(f"{job.public_id} {job.state}")
        except verbs.AlreadyHere as here:
            self.stdout.write(f"{here.job.public_id} {here.job.state} (it was here already)")
        except verbs.MaybeLostAnswer as lost:
            self.refuse(
                f"It may be one of these, whose answer was lost: {lost}. If not, name them after --none-of."
            )
        except verbs.CannotBe as cannot:
            self.refuse(words.describe_refusal(cannot.code))
        except verbs.Refusal as refusal:
            self.refuse(" ".join(words.describe_problem(one) for one in refusal.problems))

    def refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        raise SystemExit(REFUSED)
