"""django-allauth's forms for signing in, signing up and passwords, with our labels."""

from allauth.account import forms as theirs
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from allauth.account.internal.flows.password_reset import request_password_reset
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos.accounts import invites, limits, proved_addresses
from videos.accounts.adapter import wants_invitation
from videos.accounts.forms import AddressInput
from videos.models import User
from videos.models.email_addresses import clean_email, fold

LONG_ENOUGH = _("At least 10 characters. A few words are easier to remember than a riddle.")


def use_our_labels(form: forms.Form) -> None:
    """Sets labels instead of placeholders (which vanish when one types), and one sentence of help."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in ("login", "email"):
            field.label = _("E-mail")
            field.widget = AddressInput(autocomplete="email")
        if name == "password":
            field.help_text = ""
        if name == "password1":
            field.help_text = LONG_ENOUGH
        if name == "password2":
            field.label = _("The same once more")


class LoginForm(theirs.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        use_our_labels(self)

    def clean_login(self) -> str:
        return fold(super().clean_login())


class SignupForm(theirs.SignupForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        required=False,
        help_text=_("As your colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        use_our_labels(self)

    def clean_email(self) -> str:
        email = super().clean_email()
        invite = invites.remembered(theirs.context.request)
        if wants_invitation() and invite is not None and invite.email and invite.email != email:
            raise ValidationError(gettext("The invitation is for another address."), code="not_invited")
        return email

    def signup(self, request: HttpRequest, user: User) -> None:
        """Stores the name; django-allauth calls it once the person has a row."""
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])


class ResetPasswordForm(theirs.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        use_our_labels(self)

    def clean_email(self) -> str:
        return clean_email(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **_kwargs: object) -> str:
        """Sends a letter to the proved address of an account, in the spelling that is stored. The visitor
        sees the same page whether there is an account or not, and also after too many letters."""
        email = self.cleaned_data["email"]
        if limits.may_have_letter(request, email):
            holder = proved_addresses.holder(email)
            token = theirs.default_token_generator
            request_password_reset(request, email, [holder] if holder else [], token)
        return email


class ResetPasswordKeyForm(theirs.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        use_our_labels(self)


class ReauthenticateForm(theirs.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        use_our_labels(self)


class ChangePasswordForm(theirs.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        use_our_labels(self)
        self.fields["oldpassword"].help_text = ""
        self.fields["oldpassword"].label = _("Your password now")

    def clean_oldpassword(self) -> str:
        """Counts and records the old password like any other try at a password."""
        return require_password(self.user, self.cleaned_data["oldpassword"])


def require_password(user: User, password: str) -> str:
    """Returns ``password`` if it is that of ``user``; raises ValidationError otherwise, also where it was
    tried too often."""
    adapter = get_adapter()
    if not adapter.reauthenticate(user, password):
        raise adapter.validation_error("incorrect_password")
    return password


class ConfirmedForm(forms.Form):
    """A form that changes how one signs in. The password is part of it, however recently it was typed: a
    session that was stolen a moment ago must not be enough to take over the account."""

    password = PasswordField(label=_("Your password"), autocomplete="current-password")

    def __init__(self, user: User, *args, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_password(self) -> str:
        return require_password(self.user, self.cleaned_data["password"])


class AddressForm(ConfirmedForm):
    email = forms.EmailField(
        label=_("New e-mail"),
        max_length=User._meta.get_field("email").max_length,
        widget=AddressInput(autocomplete="email"),
    )
    field_order = ["email", "password"]

    def clean_email(self) -> str:
        email = clean_email(self.cleaned_data["email"])
        if email == self.user.email:
            raise ValidationError(gettext("This is your address already."), code="same")
        return email
