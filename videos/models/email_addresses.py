"""E-mail addresses as they are compared: one mailbox has one spelling."""

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from videos.spelling import nfc

SMALL = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}
LONGEST = 1000  # characters; no mail system takes an address of more than 320
LONGEST_DOMAIN = 253  # characters, RFC 1035; what is longer is no domain and costs no time


def fold(email: str) -> str:
    """The spelling of ``email`` that is stored and compared.

    In front of the @ only A to Z become small: ``ß``, ``ſ`` and ``İ`` are letters of their own, and to
    read them as others would name somebody else's mailbox. The domain is written as the mail
    system asks for it (``fold_domain``). Whatever is no address comes back as it is, in small letters."""
    if len(email) > LONGEST:
        return email.strip()
    local, at, domain = nfc(email.strip()).rpartition("@")
    return local.translate(SMALL) + at + fold_domain(domain)


def fold_domain(domain: str) -> str:
    """The ASCII form of ``domain`` by IDNA 2008: ``straße.example`` and ``strasse.example`` are two,
    full-width letters and dots and a dot at the end change nothing."""
    try:
        if len(domain) <= LONGEST_DOMAIN:
            return idna.encode(domain, uts46=True).decode().removesuffix(".")
    except UnicodeError:  # idna.IDNAError is one: it is no name of a domain
        pass
    return domain.translate(SMALL)


def readable(email: str) -> str:
    """``email`` with its domain in the letters of its language, as far as it has such letters."""
    local, at, domain = email.rpartition("@")
    try:
        return local + at + idna.decode(domain)
    except UnicodeError:
        return email


def clean_email(email: str) -> str:
    """``email`` folded. Raises ValidationError for what no letter could be sent to."""
    folded = fold(email)
    validate_email(folded)  # of the folded one: its domain is ASCII then, or it is refused
    if not folded.isascii():
        raise ValidationError(
            _(
                "In front of the @ only plain letters (a to z) can be written to: no accents, no other script."
            ),
            code="invalid",
        )
    return folded
