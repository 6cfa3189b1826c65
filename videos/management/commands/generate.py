"""Starts a generation from a script, with the same checks, refusals and jobs as the form."""

import json
import time
import uuid
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from videos import access, labels, words
from videos.create import media_import, seeds
from videos.jobs import verbs
from videos.models import Job, Membership, Team
from videos.models.clock import now
from videos.states import State
from videos.uploads.pictures import BadPicture
from videos.vendors import options, registry
from videos.vendors.contract import Problem

READY, REFUSED_HERE, REFUSED_THERE, NOT_SETTLED, UNKNOWN = 0, 2, 3, 4, 5
OUTCOME = {
    State.SUCCEEDED: "ready",
    State.FAILED: "failed",
    State.CANCELED: "failed",
    State.LOST: "failed",
    State.DOWNLOAD_FAILED: "failed",
    State.UNKNOWN: "unknown",
}
CODES = {
    "ready": READY,
    "unchecked": READY,  # it arrived and is kept; what came cannot be shown here
    "refused": REFUSED_THERE,
    "failed": REFUSED_THERE,
    "pending": NOT_SETTLED,
    "unknown": UNKNOWN,
}


class CannotUse(Exception):
    """A picture that cannot be read; the text says why."""


class Command(BaseCommand):
    help = (
        "Makes one generation, as the form would. Exit 0: ready (or accepted, without --wait); "
        "2: refused here, nothing sent; 3: refused or failed by the vendor; 4: not settled in time; "
        "5: outcome unknown, possibly charged. Of several takes the highest."
    )

    def add_arguments(self, parser):
        parser.add_argument("--team", required=True, help="the team's name or its short name in the address")
        parser.add_argument("--model", required=True, help="vendor/model, see manage.py models")
        parser.add_argument("--prompt", required=True)
        parser.add_argument(
            "--set", action="append", default=[], metavar="NAME=VALUE", help="an option; repeatable"
        )
        parser.add_argument(
            "--image", action="append", default=[], metavar="ROLE=FILE", help="start, end or reference"
        )
        parser.add_argument(
            "--takes", default="1", metavar="N", help="so many of it, made together or not at all"
        )
        parser.add_argument(
            "--rehearsal", action="store_true", help="use a rehearsal key even where a real one exists"
        )
        parser.add_argument("--yes", action="store_true", help="confirm the sum where the team asks first")
        parser.add_argument("--wait", type=float, default=0, metavar="SECONDS")
        parser.add_argument("--json", action="store_true")

    def handle(self, **given):
        member = self.member(given["team"])
        try:
            orders = self.orders(member, given)
            token = uuid.uuid4().hex
            yes = confirmed(member, orders, token) if given["yes"] else ""
            jobs = verbs.start_all(member, orders, client_token=token, confirmed=yes)
        except verbs.Unconfirmed as asked:
            reasons = [words.describe_problem(found) for found in asked.problems]
            self.refuse([*reasons, "Nothing was sent. Add --yes to confirm it."], given["json"])
        except verbs.Refusal as refusal:
            self.refuse([words.describe_problem(found) for found in refusal.problems], given["json"])
        except CannotUse as error:
            self.refuse([str(error)], given["json"])
        jobs = self.settle(jobs, given["wait"])
        codes = [self.report(job, given["json"], waited=bool(given["wait"])) for job in jobs]
        if max(codes):
            raise SystemExit(max(codes))

    def member(self, name: str) -> Membership:
        team = Team.objects.filter(slug=name).first() or Team.objects.filter(name=name).first()
        if team is None:
            raise CommandError(f"There is no team called {name}.", returncode=REFUSED_HERE)
        return team.memberships.select_related("team", "user").filter(role="owner").order_by("id").first()

    def orders(self, member: Membership, given: dict) -> list[verbs.GenerationRequest]:
        count, wrong = seeds.read_take_count(given["takes"])
        if wrong:
            raise verbs.Refusal(wrong)
        return seeds.split_into_takes(self.order(member, given), count)

    def order(self, member: Membership, given: dict) -> verbs.GenerationRequest:
        model = registry.MODELS.get(given["model"])
        if model is None:
            raise verbs.Refusal((Problem("model", "unknown_model"),))
        chosen, problems = {}, []
        for pair in given["set"]:
            name, _equals, text = pair.partition("=")
            option = model.option(name)
            if option is None:
                legal = tuple(known.name for known in model.options)
                problems.append(Problem(name, "not_offered", {"value": text, "legal": legal}))
                continue
            try:
                chosen[name] = options.parse_value(option, text)
            except options.BadValue as bad:
                problems.append(bad.problem)
        if problems:
            raise verbs.Refusal(tuple(problems))
        keys = access.usable_keys(member).filter(vendor=model.vendor)
        key = keys.filter(rehearsal=True).first() if given["rehearsal"] else keys.first()
        if given["rehearsal"] and key is None:
            # An order without a key uses any key there is, which would be a real one.
            raise verbs.Refusal((Problem("key", "no_key", {"vendor": registry.vendor(model.vendor).name}),))
        return verbs.GenerationRequest(
            model=model.key,
            prompt=given["prompt"],
            options=chosen,
            key=key,
            pictures=tuple(self.picture(member, text) for text in given["image"]),
        )

    def picture(self, member: Membership, text: str):
        role, _equals, name = text.partition("=")
        try:
            with open(name, "rb") as file:
                return role, media_import.import_file(member, File(file, Path(name).name))
        except OSError as error:
            raise CannotUse(f"{name}: {error.strerror}.") from error
        except BadPicture as bad:
            raise CannotUse(media_import.describe_refusal(bad, name)) from bad

    def settle(self, jobs: list[Job], seconds: float) -> list[Job]:
        ends = time.monotonic() + seconds
        while any(job.unfinished and job.state != State.UNKNOWN for job in jobs) and time.monotonic() < ends:
            time.sleep(0.5)
            for job in jobs:
                job.refresh_from_db()
        return jobs

    def report(self, job: Job, as_json: bool, *, waited: bool) -> int:
        """One line, or one object on a line; the exit code that it asks for."""
        outcome = OUTCOME.get(job.state, "pending") if job.shown_state != "unchecked" else "unchecked"
        if outcome == "failed" and job.events.filter(verb="job.refused").exists():
            outcome = "refused"
        said = words.card_text(job, now())
        answer = {
            "id": str(job.public_id),
            "state": job.state,
            "outcome": outcome,
            "charge": charge(job),
            "files": [output.file for output in job.outputs.filter(state="stored")],
            "unchecked": [output.file for output in job.outputs.filter(state="unchecked")],
            "message": " ".join(part if part.endswith(".") else f"{part}." for part in said.lines if part),
        }
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(f"{answer['id']} {outcome}: {answer['message']}".rstrip(": "))
            for name in [*answer["files"], *answer["unchecked"]]:
                self.stdout.write(name)
        return CODES[outcome] if waited or outcome != "pending" else READY

    def refuse(self, reasons: list[str], as_json: bool) -> None:
        if as_json:
            empty = {"amount": None, "unit": "", "estimated": False}
            answer = {"id": None, "state": None, "outcome": "refused", "charge": empty}
            answer |= {"files": [], "unchecked": []}
            self.stdout.write(json.dumps({**answer, "message": " ".join(reasons)}, ensure_ascii=False))
        else:
            for reason in reasons:
                self.stderr.write(reason)
        raise SystemExit(REFUSED_HERE)


def confirmed(member: Membership, orders: list[verbs.GenerationRequest], token: str) -> str:
    """A yes to what they cost now."""
    sums = verbs.to_confirm(member, [verbs.review(member, order) for order in orders])
    return verbs.confirmation(member, sums, token)


def charge(job: Job) -> dict[str, object]:
    """What is known of the money: the vendor's own figure, else the price list's."""
    amount = job.charge if job.charge is not None else job.estimate
    return {
        "amount": None if amount is None else labels.figure(amount),
        "unit": job.unit,
        "estimated": job.charge is None and amount is not None,
    }
