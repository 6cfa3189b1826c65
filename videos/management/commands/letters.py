"""Prints what became of the letters that were to be sent."""

from django.core.management import BaseCommand
from django.db.models import Count, Min

from videos.models import Letter


class Command(BaseCommand):
    help = "Say how many letters wait for the mail server, since when and why, and which were given up."

    def handle(self, **options):
        rows = (
            Letter.objects.values("trouble")
            .annotate(count=Count("pk"), oldest=Min("created_at"))
            .order_by("oldest")
        )
        waiting = list(rows.filter(next_at__isnull=False))
        for row in waiting:
            reason = TROUBLE.get(row["trouble"], row["trouble"])
            self.stdout.write(
                f"{row['count']} wait, the oldest since {row['oldest']:%Y-%m-%d %H:%M} UTC: {reason}"
            )
        for row in rows.filter(next_at=None):
            reason = TROUBLE.get(row["trouble"], row["trouble"])
            self.stdout.write(f"{row['count']} given up within a week: {reason}")
        if not waiting:
            self.stdout.write("No letter waits.")


TROUBLE = {
    "": "not tried yet",
    "unreachable": "nobody listens at EMAIL_URL, or the line was cut",
    "silent": "the mail server at EMAIL_URL took the connection and said nothing",
    "refused_us": "the mail server refuses the user, the password or the sender (EMAIL_URL, STUDIO_EMAIL_FROM)",
    "cut_short": "a try is under way, or the worker died over it (a server that is too slow)",
    "later": "the mail server said: not now",
    "rejected": "the mail server refuses this letter for good (no such mailbox, or its words)",
}
