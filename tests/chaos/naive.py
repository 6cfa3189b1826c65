"""The obvious task, which the harness must catch: post, then save. Whoever dies in between, or
hears nothing, leaves a row that still says it has to be sent."""

from django.apps import AppConfig

from videos.vendors.contract import Accepted, Refused


class NaiveConfig(AppConfig):
    name = "tests.chaos"
    label = "chaos"

    def ready(self):
        # The rows' models are not there before now.
        from videos import vault
        from videos.jobs import freeze
        from videos.jobs.account import routes
        from videos.jobs.running import drive
        from videos.jobs.sending import submit
        from videos.states import State

        def post_then_save(job, by):
            way = routes.route(job.vendor, rehearsal=job.rehearsal)
            outcome = submit.send(freeze.thaw(job), way, vault.open_key(job.key), submit.time.monotonic() + 4)
            if isinstance(outcome, Accepted | Refused) and submit.claim(job, by):
                submit.apply_outcome(job, outcome, by)

        drive.STEPS[State.QUEUED] = post_then_save
