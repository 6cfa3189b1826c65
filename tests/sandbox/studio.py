"""The studio's side: pictures to fetch, an address to call back, and what was called."""

import io
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import av
from PIL import Image


def picture(colour: tuple[int, int, int], size: tuple[int, int] = (320, 180)) -> bytes:
    memory = io.BytesIO()
    Image.new("RGB", size, colour).save(memory, "PNG")
    return memory.getvalue()


def wave() -> bytes:
    """Two seconds, all green."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as out:
        video = out.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 320, 320, "yuv420p"
        for _n in range(48):
            out.mux(video.encode(av.VideoFrame.from_image(Image.new("RGB", (320, 320), (30, 200, 60)))))
        out.mux(video.encode())
    return memory.getvalue()


FILES = {
    "/wave.mp4": wave(),
    "/red.png": picture((220, 30, 30)),
    "/blue.png": picture((30, 30, 220)),
    "/tall.png": picture((30, 200, 60), (200, 300)),
    "/words.png": b"not a picture at all",
}


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """``?whole``: a host that does not honour Range."""
        data = FILES.get(self.path.removesuffix("?whole"))
        part = self.headers["Range"] == "bytes=0-" and not self.path.endswith("?whole")
        self.send_response((206 if part else 200) if data else 404)
        self.end_headers()
        self.wfile.write(data or b"")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.calls.append((self.path, json.loads(self.rfile.read(length))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the test's output."""


class Studio:
    def __enter__(self) -> "Studio":
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.calls = []
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def calls(self, path: str, count: int, seconds: float = 20) -> list[dict]:
        """The bodies POSTed to ``path``: waits for ``count`` of them, then gives what came."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = [body for where, body in self.server.calls if where == path]
            if len(found) >= count:
                break
            time.sleep(0.02)
        return found
