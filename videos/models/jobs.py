"""One generation, its money, its pictures and what came of it.

Only videos/jobs/transitions.py writes ``Job.state``."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from videos.states import ATTEMPT_STANDS, ENDED, OBSERVED, SHOWN, Attempt, Money, State

from .keys import VendorKey
from .people import Team, User
from .recipes import RecipeVersion
from .work import Project, Prompt, Upload


def choices(enum):
    return [(member.value, member.value) for member in enum]


class Relation(models.TextChoices):
    RETRY = "retry"
    REMIX = "remix"
    CONTINUE = "continue"
    TAKE = "take"
    FULL = "full"  # a draft that was kept, at full size


class Job(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="jobs")
    user = models.ForeignKey(User, models.PROTECT, related_name="jobs")
    project = models.ForeignKey(Project, models.SET_NULL, null=True, blank=True, related_name="jobs")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="jobs")
    recipe = models.ForeignKey(RecipeVersion, models.SET_NULL, null=True, blank=True, related_name="jobs")

    # what was asked
    vendor = models.CharField(max_length=40)
    model = models.CharField(max_length=100)  # "vendor/model"
    medium = models.CharField(max_length=10)  # video or still
    options = models.JSONField(default=dict)
    rehearsal = models.BooleanField(default=False)
    key = models.ForeignKey(VendorKey, models.PROTECT, related_name="jobs")
    account = models.CharField(max_length=64)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    relation = models.CharField(max_length=10, choices=Relation, blank=True)
    take_group = models.UUIDField(null=True, blank=True)  # takes of one wish: a stack
    keeper = models.BooleanField(default=False)  # the one of its stack that somebody picked
    batch = models.UUIDField(null=True, blank=True)  # the rows of one press
    client_token = models.CharField(max_length=64)

    # what is sent: frozen when the button was pressed; sealed, because the body carries
    # addresses that are capabilities
    body_sealed = models.BinaryField()
    body_sha256 = models.CharField(max_length=64)  # empty: imported
    idem_key = models.CharField(max_length=36)
    callback_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)

    # where it stands
    state = models.CharField(max_length=16, choices=choices(State), default=State.QUEUED.value)
    version = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)  # null: nothing is due by itself
    nudged_at = models.DateTimeField(null=True, blank=True)
    waiting_for = models.CharField(max_length=20, blank=True)  # key, slot, turn, rate, breaker, disk, vendor
    claims = models.PositiveSmallIntegerField(default=0)  # counted before the work: poison stops
    tries = models.PositiveSmallIntegerField(default=0)  # surely-not-sent submits in a row

    # what the vendor says
    vendor_task_id = models.CharField(max_length=200, null=True, blank=True)
    ticket = models.JSONField(default=dict, blank=True)
    hint_task_id = models.CharField(max_length=200, blank=True)  # claimed by a callback, not yet confirmed
    hint = models.JSONField(default=dict, blank=True)  # the ticket that goes with it
    upstream_id = models.CharField(max_length=200, blank=True)
    looks = models.PositiveIntegerField(default=0)
    errors = models.PositiveSmallIntegerField(default=0)  # looks without an answer, in a row
    missing_since = models.DateTimeField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    word = models.CharField(max_length=60, blank=True)  # the vendor's status, where no table has it
    word_since = models.DateTimeField(null=True, blank=True)  # since when it, and the percent, are the same
    kind = models.CharField(max_length=30, blank=True)  # why it stands as it does; words.py says it
    code = models.CharField(max_length=80, blank=True)
    said = models.TextField(blank=True)  # the vendor's text, redacted

    # money, in the vendor's own unit
    money = models.CharField(max_length=12, choices=choices(Money), default=Money.NONE.value)
    estimate = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    estimate_usd = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    charge = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    refunded = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)

    # when
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    usual_low = models.FloatField(null=True, blank=True)  # seconds, learned when the button was pressed
    usual_high = models.FloatField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)  # "stop watching": discard when done
    trashed_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)  # files gone, kept for the books alone
    # It came home after our deadline, when nobody waited for it any more, and whoever pressed
    # has not been told yet.
    came_late_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "client_token"], name="one_job_per_press"),
            models.UniqueConstraint(
                fields=["vendor", "account", "vendor_task_id"],
                condition=Q(vendor_task_id__isnull=False),
                name="one_job_per_vendor_task",
            ),
            models.UniqueConstraint(
                fields=["take_group"], condition=Q(keeper=True), name="one_keeper_per_stack"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="job_state_known"),
            models.CheckConstraint(condition=Q(money__in=[m.value for m in Money]), name="job_money_known"),
        ]
        indexes = [
            models.Index(fields=["team", "-id"], name="job_newest"),
            models.Index(fields=["team", "created_at"], name="job_by_day"),
            models.Index(fields=["team", "state", "-id"], name="job_by_state"),
            models.Index(fields=["prompt", "-id"], name="job_by_prompt"),
            models.Index(
                fields=["team", "vendor_task_id"],
                condition=Q(vendor_task_id__isnull=False),
                name="job_by_task",
            ),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="job_of_batch"),
            models.Index(
                fields=["next_at"],
                condition=Q(next_at__isnull=False),
                name="job_due",
            ),
            models.Index(fields=["model", "rehearsal", "-id"], name="job_by_model"),
            models.Index(
                fields=["take_group", "-id"], condition=Q(take_group__isnull=False), name="job_by_stack"
            ),
            models.Index(
                fields=["team", "-trashed_at", "-id"],
                condition=Q(trashed_at__isnull=False, purged_at__isnull=True),
                name="job_in_trash",
            ),
            models.Index(
                fields=["user", "team"], condition=Q(came_late_at__isnull=False), name="job_that_came_late"
            ),
        ]

    def __str__(self):
        return str(self.public_id)

    @property
    def shown_state(self) -> str:
        if self.state == State.SUCCEEDED and self.kind == "unchecked":
            return "unchecked"
        return SHOWN.get(self.state, "making")  # a state of a newer version: somebody has it in hand

    @property
    def unfinished(self) -> bool:
        return self.state not in ENDED

    @property
    def imported(self) -> bool:
        """Made elsewhere and brought in by its task id: there is no request of ours."""
        return not self.body_sha256

    @property
    def observed(self) -> bool:
        return self.state in OBSERVED

    @property
    def gone_at(self) -> datetime | None:
        """When the files of what is in the trash are deleted; None while it is not settled, for
        then it stays."""
        if self.trashed_at is None or self.unfinished:
            return None
        return self.trashed_at + timedelta(days=settings.TRASH_DAYS)

    @property
    def hue(self) -> int:
        return int(self.public_id.hex[:4], 16) % 24


class JobPicture(models.Model):
    """A picture in its place. ``link_hash`` finds it behind the address that the vendor
    fetches; that address dies with the job."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="pictures")
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="uses")
    role = models.CharField(max_length=10)  # start, end, reference
    position = models.PositiveSmallIntegerField(default=0)
    link_hash = models.CharField(max_length=64, unique=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["role", "position"]
        constraints = [
            models.UniqueConstraint(fields=["job", "role", "position"], name="one_picture_per_place")
        ]


class SpendAttempt(models.Model):
    """One paid request: written before the first byte leaves, never deleted."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="attempts")
    n = models.PositiveSmallIntegerField()
    key = models.ForeignKey(VendorKey, models.PROTECT, related_name="+")
    idem_key = models.CharField(max_length=36)
    body_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=choices(Attempt), default=Attempt.OPEN.value)
    evidence = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "n"], name="attempts_are_numbered"),
            # The database itself refuses a second paid request while one may stand.
            models.UniqueConstraint(
                fields=["job"],
                condition=Q(state__in=[s.value for s in ATTEMPT_STANDS]),
                name="one_standing_attempt_per_job",
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], name="attempt_by_opening")]  # a month's


class Output(models.Model):
    """One thing that was made. ``state``: waiting, stored, unchecked (it is here and cannot be opened:
    videos/jobs/fetching/storing.py), dead, or purged with the trash. ``file`` and ``poster`` are names in the
    media store; ``poster`` is empty unless stored, and ``file`` may be set while waiting, for bytes that
    came and could not be opened."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="outputs")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)  # video, still, last_frame
    url_sealed = models.BinaryField()
    state = models.CharField(max_length=10, default="waiting")
    why = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    file = models.CharField(max_length=100, blank=True)
    media_type = models.CharField(max_length=30, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    received = models.PositiveBigIntegerField(default=0)
    expected = models.PositiveBigIntegerField(null=True, blank=True)
    poster = models.CharField(max_length=100, blank=True)
    bars = models.CharField(max_length=7, blank=True)  # the poster's own darkened colour
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    fps = models.FloatField(null=True, blank=True)
    video_codec = models.CharField(max_length=30, blank=True)
    audio_codec = models.CharField(max_length=30, blank=True)
    differs = models.JSONField(
        default=list, blank=True
    )  # [name, asked, got] where what came is not what was asked
    etag = models.CharField(max_length=200, blank=True)  # to resume a broken download
    stored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["job", "n"], name="outputs_are_numbered")]
        indexes = [  # who names this file?
            models.Index(fields=["file"], name="output_by_file"),
            models.Index(fields=["poster"], name="output_by_poster"),
        ]
