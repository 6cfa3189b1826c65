"""Who: people, teams, and what somebody may do in a team."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from videos.models.email_addresses import fold, readable


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=fold(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=fold(email))


class Theme(models.TextChoices):
    SYSTEM = "system", _("Like my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractBaseUser):
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(default=True)
    # Counted up when somebody ends their other sessions; sessions know under which number they began.
    sessions_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def save(self, *args, **kwargs):
        self.email = fold(self.email)
        super().save(*args, **kwargs)

    def __str__(self):
        return self.shown_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know to stay valid: it changes with the password and with
        ``sessions_epoch``. Django asks it for the secret key and for each of its fallbacks."""
        by_password = super()._get_session_auth_hash(secret)
        if not self.sessions_epoch:
            return by_password
        known = f"{by_password}|{self.sessions_epoch}"
        return salted_hmac("videos.models.User.session", known, secret=secret, algorithm="sha256").hexdigest()

    @property
    def shown_email(self) -> str:
        return readable(self.email)

    @property
    def shown_name(self) -> str:
        """The name a colleague reads; never the whole address."""
        return self.name or self.email.partition("@")[0]

    @property
    def initials(self) -> str:
        words = self.shown_name.split()
        if len(words) > 1:
            return (words[0][0] + words[-1][0]).upper()
        # One Chinese character is an initial; two Latin letters are.
        return self.shown_name[:1] if self.shown_name[:1] > "\u2e7f" else self.shown_name[:2].capitalize()

    @property
    def hue(self) -> int:
        """One of 24 hues (closed set of the stylesheet), steady per person."""
        return (self.pk or 0) * 7 % 24


class Team(models.Model):
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    rehearsal_only = models.BooleanField(default=False)
    storage_limit = models.PositiveBigIntegerField(null=True, blank=True)  # bytes; null: no limit
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.name

    @classmethod
    def free_slug(cls, name: str) -> str:
        """A slug nobody has: the name's own, or with a short tail."""
        base = slugify(name)[:48] or "team"
        if not cls.objects.filter(slug=base).exists():
            return base
        return f"{base}-{secrets.token_hex(3)}"


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MAKER = "maker", _("Maker")
    REVIEWER = "reviewer", _("Reviewer")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MAKER)
    # What the form remembers for this person in this team (last model, options, project).
    remembered = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_per_team")]


class Invite(models.Model):
    """A way in. Single use, expires, and bound to an address when one was given."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invites")
    role = models.CharField(max_length=10, choices=Role, default=Role.MAKER)
    email = models.EmailField(blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    @property
    def shown_email(self) -> str:
        return readable(self.email)
