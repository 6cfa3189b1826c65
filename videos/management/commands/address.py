"""Vouches for the address of an account, or changes it: for studios that cannot send letters, and for
accounts that have to be given back."""

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from videos.accounts import proved_addresses
from videos.models import User
from videos.models.email_addresses import clean_email, fold, readable


class Command(BaseCommand):
    help = "Vouch for the address of an account, or give the account another one."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the address of the account now")
        parser.add_argument("new", nargs="?", help="its address from now on")

    def handle(self, *, email, new, **options):
        with transaction.atomic():
            user = User.objects.select_for_update().filter(email=fold(email)).first()
            if user is None:
                raise CommandError(f"Nobody has the address {email}.")
            if new is not None:
                self.rename(user, new)
            proved_addresses.vouch(user)
        self.stdout.write(
            f"{readable(user.email)} counts as confirmed, and opens the account of {user.shown_name}."
        )

    def rename(self, user: User, new: str) -> None:
        try:
            new = clean_email(new)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if User.objects.filter(email=new).exclude(pk=user.pk).exists():
            raise CommandError(f"{new} is somebody else's.")
        user.email = new
        user.save(update_fields=["email"])
