"""A session store whose cookies cannot be read out of the database: whoever has a stolen copy of it, or a
backup, cannot sign in as anybody (OWASP ASVS 9.1.1, case A42).

Sessions are found by a hash of the cookie, like every other token here. For WSGI: the asynchronous methods
are Django's own and find nothing.
"""

import hashlib

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone


def stored(session_key: str) -> str:
    """The hash by which a session's row is found: 160 bits, which is what its column holds."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        alive = Session.objects.filter(expire_date__gt=timezone.now())
        row = alive.filter(session_key=stored(self.session_key)).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(stored(session_key))

    def create_model_instance(self, data: dict) -> Session:
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        session_key = session_key or self.session_key
        if session_key is not None:
            super().delete(stored(session_key))
