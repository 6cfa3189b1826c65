"""What kind of no a mail server gave, by the error of Python's library. Pure."""

import smtplib

UNREACHABLE = "unreachable"  # nobody listens, or the line was cut
SILENT = "silent"  # it took the connection and said nothing in time
REFUSED_US = "refused_us"  # it wants other credentials, another sender, or none of us
LATER = "later"  # not now, says this letter's answer: full, or greylisted
CUT_SHORT = "cut_short"  # stands while a try is under way; longer than that, whoever tried died over it
REJECTED = "rejected"  # never, says this letter's answer; or it cannot even be written
OF_THE_SERVER = (UNREACHABLE, SILENT, REFUSED_US)  # the next letter would hear the same


def kind_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
        return REJECTED if codes and min(codes) >= 500 else LATER
    if isinstance(error, smtplib.SMTPDataError):
        return REJECTED if error.smtp_code >= 500 else LATER
    if isinstance(error, (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError)):
        return REFUSED_US  # before any letter was named: greeting, sign-in, sender
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return SILENT  # the library makes "the server hung up" of its own patience
    return UNREACHABLE if isinstance(error, OSError) else REJECTED
