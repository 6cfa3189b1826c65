"""Adapts django-allauth to our users, who have a folded e-mail address and no user name."""

from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from videos import links
from videos.accounts import address, invites, known_browsers, limits, proved_addresses, signin_events
from videos.models import User
from videos.models.email_addresses import clean_email, fold
from videos.signin import is_local, password_typed


def wants_invitation() -> bool:
    return settings.SIGNUP == "invite"


class StudioAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this visitor may sign up: anybody, or only who holds a usable invitation and can accept
        it. An invitation that is bound to an address can be accepted only where letters prove addresses."""
        if not wants_invitation():
            return True
        invite = invites.remembered(request)
        return invite is not None and (not invite.email or proved_addresses.can_prove())

    def is_safe_url(self, url: str | None) -> bool:
        """Whether ``next`` may lead there after signing in or out."""
        return is_local(url or "")

    def is_ajax(self, request: HttpRequest) -> bool:
        """Always False, so that django-allauth answers with pages only: its answers for programs would be a
        second way in, which no test covers."""
        return False

    def populate_username(self, request: HttpRequest, user) -> None:
        """People have no user name here."""

    def clean_email(self, email: str) -> str:
        return clean_email(email)

    # --- a password is tried ------------------------------------------------

    def authenticate(self, request: HttpRequest, **credentials: object) -> User | None:
        credentials["email"] = fold(str(credentials.get("email", "")))
        return super().authenticate(request, **credentials)

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        # django-allauth reads this attribute to give the count back after a right password.
        self._login_failed_rl_usage = limits.spend_guess(request, str(credentials["email"]))
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        signin_events.failed(request, str(credentials["email"]))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Checks the password of the person's own row, because django-allauth has no address for a user
        that a command created."""
        found = self.authenticate(context.request, email=user.email, password=password)
        if found is None or found.pk != user.pk:
            return False
        password_typed(context.request)
        return True

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        password_typed(request)
        signin_events.note(request, signin_events.IN, user, user)

    def post_login(self, request: HttpRequest, user: User, **how: object) -> HttpResponse:
        if _is_confirmation(str(how.get("redirect_url") or "")):
            how["redirect_url"] = None  # the link was opened just now, and works only once
        response = super().post_login(request, user, **how)
        known_browsers.remember(request, response, user)
        return response

    # --- addresses and letters ----------------------------------------------

    def confirm_email(self, request: HttpRequest, email_address) -> bool:
        if address.prove(request, email_address):
            messages.success(request, gettext("Your address is confirmed."))
            return True
        messages.error(request, gettext("This address is somebody else's, or you no longer wait for it."))
        return False

    def respond_email_verification_sent(self, request: HttpRequest, user: User | None) -> HttpResponse:
        """Answers a right password whose address is not confirmed: redirects back to the link that was
        opened, or to the page that says a letter was sent."""
        back = request.POST.get("next", "")
        if is_local(back) and _is_confirmation(back):
            return redirect(back)
        return super().respond_email_verification_sent(request, user)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Sends a letter whose links all lead to ``STUDIO_PUBLIC_URL``."""
        words = {"email": email, "studio_url": links.absolute("/")} | context
        self.render_mail(template_prefix, email, words).send()

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return links.absolute(path.replace("UID-KEY", quote(key)))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation) -> str:
        return links.absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_account_already_exists_mail(self, email: str) -> None:
        reset = links.absolute(reverse("account_reset_password"))
        self.send_mail("account/email/account_already_exists", email, {"password_reset_url": reset})


def _is_confirmation(path: str) -> bool:
    """Whether ``path`` is the link of a letter that confirms an address."""
    return path.startswith(reverse("account_email_verification_sent"))
