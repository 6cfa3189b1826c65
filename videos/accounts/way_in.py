"""Views that change how somebody signs in: each takes the password together with the change, sends a notice
to the present address, and is recorded."""

from allauth.account import views as theirs
from allauth.account.models import EmailConfirmationHMAC
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from videos.accounts import address, notices, proved_addresses, signin_events
from videos.accounts.auth_forms import AddressForm, ConfirmedForm
from videos.models import User
from videos.models.email_addresses import readable
from videos.signin import login_required


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@login_required
def email(request: HttpRequest) -> HttpResponse:
    """Asks for another address. It counts once its link was opened; until then nothing changes."""
    form = AddressForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid() and proved_addresses.can_prove():
        if address.ask_for(request, request.user, form.cleaned_data["email"]):
            messages.success(request, _("A link is on its way to the new address."))
            return redirect("account_email")
        form.add_error(
            None, _("So many letters in an hour look like a mistake. Wait an hour, then try again.")
        )
    wanted = address.waiting(request.user)
    context = {
        "form": form,
        "can_prove": proved_addresses.can_prove(),
        "proved": proved_addresses.is_proved(request.user),
        "waiting": readable(wanted.email) if wanted else "",
    }
    return render(request, "account/email.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def email_forget(request: HttpRequest) -> HttpResponse:
    """Cancels the change: the link that was sent no longer works. No password is needed, because nothing is
    taken away."""
    address.forget(request.user)
    messages.success(request, _("Your address stays as it is."))
    return redirect("account_email")


def email_confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Confirms an address by the link of a letter, from the account that it is for. In another browser than
    the one that asked for the link, the password is asked for first."""
    link = EmailConfirmationHMAC.from_key(key)
    if link is not None and not address.may_confirm(request, link.email_address):
        if not request.user.is_authenticated:
            return redirect_to_login(request.path, reverse("account_login"))
        return render(request, "account/email_confirm.html", {"of_another": True}, status=403)
    return theirs.confirm_email(request, key=key)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@login_required
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Ends every session of this person, except the one that asks, at its next request."""
    form = ConfirmedForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        User.objects.filter(pk=request.user.pk).update(sessions_epoch=F("sessions_epoch") + 1)
        request.user.refresh_from_db(fields=["sessions_epoch"])
        update_session_auth_hash(request, request.user)
        signin_events.note(request, signin_events.ELSEWHERE, request.user, request.user)
        notices.send(request, request.user, "sessions_ended", to=request.user.email)
        messages.success(request, _("You are signed in here, and nowhere else."))
        return redirect("profile")
    return render(request, "account/sessions_end.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
def password_change(request: HttpRequest) -> HttpResponse:
    """Changes the password. A person without one (whom a command created) gets one by letter only, because
    there is none to type."""
    if not request.user.has_usable_password():
        return redirect("account_reset_password")
    return theirs.password_change(request)
