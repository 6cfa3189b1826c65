"""Creates a team and its owner from the command line, as for the first team of a closed studio."""

import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from videos.accounts import proved_addresses, teams
from videos.models import Team, User
from videos.models.email_addresses import clean_email


class Command(BaseCommand):
    help = "Make a team. Its owner is made too when nobody has the address yet."

    def add_arguments(self, parser):
        parser.add_argument("name", help="what the team is called")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="who may do everything in it")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read a new owner's password from standard input; without it, they choose one by "
            "lost your password",
        )
        parser.add_argument(
            "--rehearsal", action="store_true", help="this team never spends: rehearsal keys only"
        )

    def handle(self, *, name, owner, password_stdin, rehearsal, **options):
        name = name.strip()
        if not 0 < len(name) <= Team._meta.get_field("name").max_length:
            raise CommandError("A team's name has 1 to 80 characters.")
        try:
            owner = clean_email(owner)
        except ValidationError:
            raise CommandError(f"{owner!r} is not an e-mail address.") from None
        password = read_password() if password_stdin else None
        with transaction.atomic():
            user = User.objects.filter(email=owner).first()
            if user is None:
                user = new_owner(owner, password)
            elif password is not None:
                raise CommandError(
                    f"{user.email} has an account already: their password is theirs to change."
                )
            team = teams.found(name, user, rehearsal_only=rehearsal)
        self.stdout.write(f"{team.name} is at /t/{team.slug}/ and belongs to {user.email}.")


def read_password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("No password came in on standard input.")
    return password


def new_owner(email: str, password: str | None) -> User:
    """Creates a user with a password that the sign-up page would accept, or with none that works."""
    if password is not None:
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
    user = User.objects.create_user(email, password)
    proved_addresses.vouch(user)  # an operator may
    return user
