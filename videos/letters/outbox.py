"""The way a letter leaves a page: as a row. ``sending.py`` brings it to the mail server.

No page waits for a mail server, and none fails with it. Django and django-allauth find this as
``EMAIL_BACKEND``; what really sends is ``LETTERS_BACKEND``."""

import json
from email.utils import formatdate, make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from videos import vault
from videos.models import Letter, clock


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages) -> int:
        for message in email_messages:
            keep(message)
        return len(email_messages)


def keep(message: EmailMessage) -> Letter:
    """A row of ``message``, whose words are plain text. Its Message-ID and date are those of now, in
    whatever try it arrives."""
    if message.attachments or getattr(message, "alternatives", None) or message.content_subtype != "plain":
        raise ValueError("Letters of the studio are plain text.")
    message_id = make_msgid(domain=urlsplit(settings.PUBLIC_URL).hostname)
    words = {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": message.recipients(),
        "headers": message.extra_headers | {"Message-ID": message_id, "Date": formatdate()},
    }
    at = clock.now()
    return Letter.objects.create(
        message_id=message_id,
        sealed=vault.seal(json.dumps(words).encode(), kind="letter", message=message_id),
        created_at=at,
        next_at=at,
    )


def opened(letter: Letter, connection: BaseEmailBackend) -> EmailMessage:
    """What ``keep`` was given. Raises KeyUnreadable."""
    words = vault.unseal(letter.sealed, kind="letter", message=letter.message_id)
    return EmailMessage(**json.loads(words), connection=connection)
