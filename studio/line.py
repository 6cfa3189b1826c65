"""How the web server listens: who falls silent in the middle of a request has hung up.

gunicorn's threads wait for the rest of a head or a body for ever, and thirty-two such
callers would be everybody. (What is slow but goes on is for a proxy to hold back:
docs/operating.md.)"""

import os
import socket
import struct

from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")


class PatientSocket(socket.socket):
    """Waits for ``DURATIONS["request_silence"]`` seconds, and then reads the end of the line.
    Sending is not limited: a player that pauses a film stops reading it."""

    def __init__(self, fileno: int):
        super().__init__(fileno=fileno)
        seconds = settings.DURATIONS["request_silence"]
        whole = int(seconds)
        patience = struct.pack("ll", whole, int((seconds - whole) * 1_000_000))
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)

    def recv(self, *args) -> bytes:
        try:
            return super().recv(*args)
        except BlockingIOError:
            return b""


class PatientWorker(ThreadWorker):
    """gunicorn's threads, on such sockets."""

    def enqueue_req(self, conn) -> None:
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(conn.sock.detach())
        super().enqueue_req(conn)
