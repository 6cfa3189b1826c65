"""The forms at the door: django-allauth's, in our words."""

from allauth.account import forms as theirs
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos.accounts import invites
from videos.accounts.adapter import wants_invitation
from videos.models import User

LONG_ENOUGH = _("At least 10 characters. A few words are easier to remember than a riddle.")


def speak_plainly(form: forms.Form) -> None:
    """Labels instead of placeholders (those vanish when one types), one sentence of help."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in ("login", "email"):
            field.label = _("E-mail")
        if name == "password":
            field.help_text = ""
        if name == "password1":
            field.help_text = LONG_ENOUGH
        if name == "password2":
            field.label = _("The same once more")


class LoginForm(theirs.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        speak_plainly(self)


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
        speak_plainly(self)

    def clean_email(self) -> str:
        email = super().clean_email()
        invite = invites.held(theirs.context.request)
        if wants_invitation() and invite is not None and invite.email and invite.email != email:
            raise ValidationError(gettext("The invitation is for another address."), code="not_invited")
        return email

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by django-allauth once the person has a row."""
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])


class ResetPasswordForm(theirs.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        speak_plainly(self)


class ResetPasswordKeyForm(theirs.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        speak_plainly(self)


class ReauthenticateForm(theirs.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        speak_plainly(self)


class ChangePasswordForm(theirs.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        speak_plainly(self)
        self.fields["oldpassword"].help_text = ""
        self.fields["oldpassword"].label = _("Your password now")
