"""What is being worked on: projects, prompts, drafts, pictures people brought."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos.spelling import nfc

from .people import Team, User


class Project(models.Model):
    """What clips and prompts are grouped by. ``archived_at``: nothing new is made in it; what was
    made stays where it is."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="projects")
    name = models.CharField(_("name"), max_length=80)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="one_project_per_name")]

    def __str__(self):
        return self.name

    @property
    def shown_name(self) -> str:
        return gettext("%(name)s (archived)") % {"name": self.name} if self.archived_at else self.name


def normalised(text: str) -> str:
    """One prompt, one spelling: NFC, spaces collapsed, ends trimmed. Case is kept,
    because models read it."""
    return " ".join(nfc(text).split())


def prompt_hash(text: str) -> str:
    return hashlib.sha256(normalised(text).casefold().encode()).hexdigest()


class Prompt(models.Model):
    """Every text the team ever asked for, once. Jobs point here; history lists these.
    ``text`` is as it was first typed (line breaks are worth keeping)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="prompts")
    text = models.TextField(_("prompt"))
    hash = models.CharField(max_length=64)
    first_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "hash"], name="one_prompt_per_text")]
        indexes = [models.Index(fields=["team", "-used_at", "-id"], name="prompt_newest")]

    def __str__(self):
        return self.text[:80]


class Upload(models.Model):
    """A picture or a short film somebody brought: made anew, without metadata, named by its
    content. ``file`` and ``poster`` (of a film) are names in the media store."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="uploads")
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=100)
    media_type = models.CharField(max_length=30)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    name = models.CharField(max_length=120)
    seconds = models.FloatField(null=True, blank=True)  # of a film
    poster = models.CharField(max_length=100, blank=True)
    notes = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    brought_at = models.DateTimeField(default=timezone.now)  # the last time somebody brought it
    trashed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "sha256"], name="one_upload_per_picture")]
        indexes = [
            models.Index(fields=["team", "-brought_at", "-id"], name="upload_newest"),
            models.Index(fields=["file"], name="upload_by_file"),
            models.Index(fields=["poster"], name="upload_by_poster"),
        ]

    def __str__(self):
        return self.name

    @property
    def media(self) -> str:
        """``image`` or ``video``, as vendors tell them apart."""
        return "video" if self.media_type.startswith("video/") else "image"


class Draft(models.Model):
    """What somebody was typing in one team; personal. One for each form that was typed in:
    ``token`` is the client token of the rendering that wrote it last, so that of two tabs
    neither overwrites the other. ``content`` is the form as sent."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    token = models.CharField(max_length=64)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user", "token"], name="one_draft_per_form")]

    @property
    def typed(self) -> bool:
        """Would somebody miss it? Wishes alone are remembered anyway."""
        return bool((self.content.get("prompt") or "").strip() or self.content.get("pictures"))
