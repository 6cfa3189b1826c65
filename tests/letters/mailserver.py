"""A mail server on a real socket, with the manners of real ones.

``takes``; ``silent`` (takes the connection and says nothing); ``refuses`` (every sender); ``rejects``
(every recipient, for good); ``later`` (not now); ``hangs_up`` (in the middle of the letter); ``rude``
(takes the letter and is gone before the goodbye); ``kills`` (takes the letter, and whoever sent it dies)."""

import contextlib
import os
import signal
import socketserver
import threading
from email import message_from_bytes
from email.message import Message

import psutil

ANSWERS = {
    "EHLO": b"250 hello\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "QUIT": b"221 bye\r\n",
    "RSET": b"250 ok\r\n",
}
NOS = {
    "refuses": ("MAIL", b"530 who are you\r\n"),
    "rejects": ("RCPT", b"550 no such mailbox as alice@example.com\r\n"),
    "later": ("RCPT", b"451 greylisted\r\n"),
}


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: MailServer = self.server.owner
        server.calls += 1
        if server.manner == "silent":
            server.over.wait(60)
            return
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].decode().upper()
            refused, no = NOS.get(server.manner, ("", b""))
            self.wfile.write(no if word == refused else ANSWERS.get(word, b"500 what\r\n"))
            if word == "DATA" and not self.listen(server):
                return
            if word == "QUIT":
                return

    def listen(self, server: "MailServer") -> bool:
        """The letter itself. False: no word more is said."""
        if server.manner == "hangs_up":
            return False
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        server.letters.append(message_from_bytes(b"".join(lines)))
        if server.manner == "kills":
            server.manner = "takes"
            os.kill(self.sender(), signal.SIGKILL)
            return False
        self.wfile.write(b"250 taken\r\n")
        return server.manner != "rude"

    def sender(self) -> int:
        """The process at the other end of this connection."""
        ours = [
            one
            for one in psutil.net_connections("tcp")
            if one.laddr and one.laddr.port == self.client_address[1]
        ]
        return next(one.pid for one in ours if one.pid)


class MailServer:
    """``with MailServer("takes") as server: ...``; ``letters`` are those it took."""

    def __init__(self, manner: str = "takes"):
        self.manner, self.calls, self.letters = manner, 0, list[Message]()
        self.over = threading.Event()
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.server.daemon_threads, self.server.owner = True, self
        self.port = self.server.server_address[1]

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self.server.shutdown()
            self.server.server_close()
