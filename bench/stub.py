"""Imitates a vendor that always answers the same, in a process of its own and far cheaper than its
client: ``python -m bench.stub [--delay SECONDS] [--tls FOLDER] [--file PATH --rate BYTES]``.
Prints its port and answers until it is ended."""

import argparse
import asyncio
import json
import ssl
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

# docs/vendors/seedanceapi-org.txt, IN_PROGRESS: what a vendor says most of the time.
WORKING = {
    "code": 200,
    "message": "success",
    "data": {
        "task_id": "seed15abc123def456pro", "status": "IN_PROGRESS", "response": None, "error_message": None
    },
}  # fmt: skip


class Answering(asyncio.Protocol):
    """Answers HTTP/1.1 GET with keep-alive, and knows nothing else of HTTP."""

    def __init__(self, reply: bytes, delay: float, rate: float) -> None:
        self.reply, self.delay, self.rate = reply, delay, rate
        self.heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while b"\r\n\r\n" in self.heard:
            self.heard = self.heard.partition(b"\r\n\r\n")[2]
            loop = asyncio.get_running_loop()
            if self.rate:
                self.drip(0)
            elif self.delay:
                loop.call_later(self.delay, self.transport.write, self.reply)
            else:
                self.transport.write(self.reply)

    def drip(self, at: int) -> None:
        """Sends the reply at ``rate`` bytes a second, in fifty pieces a second, like a home connection."""
        step = max(1, int(self.rate / 50))
        self.transport.write(self.reply[at : at + step])
        if at + step < len(self.reply):
            asyncio.get_running_loop().call_later(0.02, self.drip, at + step)


def reply(body: bytes, media_type: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def serve(options: argparse.Namespace) -> None:
    tls = None
    if options.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.tls / "cert.pem", options.tls / "key.pem")
    said = json.dumps(WORKING).encode()
    answer = (
        reply(options.file.read_bytes(), "video/mp4") if options.file else reply(said, "application/json")
    )
    server = await asyncio.get_running_loop().create_server(
        lambda: Answering(answer, options.delay, options.rate), "127.0.0.1", 0, ssl=tls, backlog=2048
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def stub(*arguments: str):
    """Starts the stub and yields its port; stops it at the end."""
    command = [sys.executable, "-m", "bench.stub", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--tls", type=Path, help="a folder with cert.pem and key.pem")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--rate", type=float, default=0.0, help="bytes a second; 0: as fast as it goes")
    asyncio.run(serve(parser.parse_args()))
