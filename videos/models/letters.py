"""Letters that wait to be sent."""

from django.db import models


class Letter(models.Model):
    """One e-mail on its way (``videos/letters/``). It may hold a link that opens an account, so its
    words are sealed; a row goes when the mail server took it, and its words when it is given up."""

    message_id = models.CharField(
        max_length=120, unique=True
    )  # the same in each try, so that a second copy is known
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)  # null: no further try
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(
        max_length=20, blank=True
    )  # what came of the last try: videos/letters/mail_errors.py

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="letter_due")]
