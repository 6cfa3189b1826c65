"""Debian's nginx with docs/nginx.conf, in front of a studio of a test's own."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AROUND = """
pid {folder}/pid;
error_log {folder}/error.log info;
{user}
events {{ }}
http {{
    include /etc/nginx/mime.types;
    gzip on;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/studio.conf;
}}
"""


def config(name: str, plain: int, tls: int, port: int, data: Path, folder: Path) -> str:
    """The documented file with what is a reader's own put in. Each of these must be there."""
    text = (ROOT / "docs" / "nginx.conf").read_text()
    for yours, ours in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        "https://studio.example$request_uri": f"https://{name}:{tls}$request_uri",
        "server_name studio.example;": f"server_name {name};",
        "/etc/ssl/studio.example": f"{folder}/cert",
        "http://127.0.0.1:8000": f"http://127.0.0.1:{port}",
        "/srv/studio": str(data),
    }.items():
        assert yours in text, yours
        text = text.replace(yours, ours)
    return text


def let_in(data: Path) -> None:
    """What docs/operating.md says to do for a nginx of another user; without root it is our own."""
    group = "www-data" if os.geteuid() == 0 else os.getegid()
    for folder in (data, data / "media"):
        shutil.chown(folder, group=group)
    data.chmod(0o710)
    for path in [data / "media", *(data / "media").rglob("*")]:
        shutil.chown(path, group=group)
        path.chmod(0o2750 if path.is_dir() else 0o640)


@contextlib.contextmanager
def running(name: str, plain: int, tls: int, port: int, data: Path, folder: Path):
    """nginx on the ports ``plain`` and ``tls``, with a certificate that nobody signed. As root its
    workers are www-data's, as Debian has them, and may not read what is root's."""
    subject = ("-subj", f"/CN={name}", "-keyout", str(folder / "cert.key"), "-out", str(folder / "cert.pem"))
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run(make, check=True, capture_output=True)
    (folder / "studio.conf").write_text(config(name, plain, tls, port, data, folder))
    user = "user www-data;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    command = [
        program,
        "-e",
        str(folder / "error.log"),
        "-c",
        str(folder / "nginx.conf"),
        "-g",
        "daemon off;",
    ]
    with subprocess.Popen(command) as server:
        try:
            for _try in range(200):
                with (
                    contextlib.suppress(ConnectionRefusedError),
                    socket.create_connection(("127.0.0.1", tls)),
                ):
                    break
                time.sleep(0.05)
            yield
        finally:
            server.terminate()
