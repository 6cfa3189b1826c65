"""Runs the whole studio on one machine until Ctrl-C: it prepares what is not ready yet, then runs the web
server, the worker and, unless STUDIO_DEMO=0, the sandbox."""

import fcntl
import http.client
import io
import shlex
import socket
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.urls import reverse

from videos.processes.kept import Program
from videos.processes.parent import Supervisor

WEB_HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Run the studio here: web, worker and sandbox. Ctrl-C stops all of it."
    requires_system_checks = ()  # migrate runs them, once

    def add_arguments(self, parser):
        parser.add_argument(
            "--watch", action="store_true", help="start again what changed on disk, for whoever develops it"
        )

    def handle(self, *, watch, **options):
        lock = hold_data_folder()
        sandbox = settings.SANDBOX_URL if settings.DEMO else None
        check_port_is_free(settings.PORT, "STUDIO_PORT")
        if sandbox:
            check_port_is_free(urlsplit(sandbox).port or 80, "STUDIO_SANDBOX_URL")
        invitation = self.prepare()
        deployment = Deployment(settings.BASE_DIR, settings.DATA, settings.PUBLIC_URL, sandbox, settings.PORT)
        started = watched(deployment) if watch else programs(deployment)
        parent = Supervisor(started, cwd=settings.BASE_DIR, out=sys.stdout)
        parent.run(lambda stopping: self.say_when_web_answers(stopping, invitation))
        lock.close()

    def prepare(self):
        """Everything a first start needs; a later one passes through in a second. Returns the line
        that says where to open the studio and how to sign in."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("catalogues", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.SIGNUP == "invite" and not settings.DEMO:
            return f"Open {settings.PUBLIC_URL}; make the first team with manage.py createteam NAME --owner EMAIL"
        invitation = io.StringIO()
        call_command("demo", stdout=invitation)
        return invitation.getvalue().strip()

    def say_when_web_answers(self, stopping, invitation):
        while not stopping.is_set():
            if web_answers():
                self.stdout.write(f"\n{invitation}")
                self.stdout.flush()
                return
            stopping.wait(0.2)


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where a studio runs. ``sandbox`` is an http address on this machine, or None for no sandbox;
    ``speed`` makes the sandbox that many times faster than a vendor."""

    code: Path
    data: Path
    public: str
    sandbox: str | None
    port: int
    speed: float = 1


def programs(deployment: Deployment) -> list[Program]:
    """What runs beside us. Lines come through pipes, so Python must not hold them back."""
    unbuffered = {"PYTHONUNBUFFERED": "1"}
    manage = (sys.executable, str(deployment.code / "manage.py"))
    web = (
        sys.executable,
        "-m",
        "gunicorn",
        "studio.wsgi",
        "--bind",
        f"{WEB_HOST}:{deployment.port}",
        "--worker-class",
        "studio.line.PatientWorker",
        "--workers",
        "2",
        "--threads",
        "16",
        "--graceful-timeout",
        "15",
        "--log-level",
        "warning",
        "--no-control-socket",
        # By default gunicorn trusts local senders about https; STUDIO_PROXY_COUNT decides instead.
        "--forwarded-allow-ips",
        "",
    )
    found = [Program("web", web, unbuffered), Program("worker", (*manage, "studio_worker"), unbuffered)]
    if deployment.sandbox:
        address = urlsplit(deployment.sandbox)
        where = ("--host", address.hostname, "--port", str(address.port or 80))
        how = (
            "--data",
            str(deployment.data / "sandbox"),
            "--speed",
            str(deployment.speed),
            "--studio",
            deployment.public,
        )
        found.append(Program("sandbox", (*manage, "sandbox", *where, *how), unbuffered))
    return found


def watched(place: Deployment) -> list[Program]:
    """The same programs as ``programs``, each started again when a Python file changes. Django's own
    server also notices templates; watchfiles sends INT to the others and waits for them to end."""
    web, *others = programs(place)
    runserver = (sys.executable, str(place.code / "manage.py"), "runserver", f"{WEB_HOST}:{place.port}")
    folders = (str(place.code / "studio"), str(place.code / "videos"))
    watch = (sys.executable, "-m", "watchfiles", "--filter", "python", "--sigint-timeout", "25")
    return [
        replace(web, command=runserver),
        *(replace(program, command=(*watch, shlex.join(program.command), *folders)) for program in others),
    ]


def hold_data_folder():
    """Two studios on one data folder would each run a worker. The lock ends with the process,
    however it ends."""
    lock = open(settings.DATA / "run.lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"A studio is already running on the data in {settings.DATA}. Stop it first, "
            "or give this one its own: STUDIO_DATA=elsewhere STUDIO_PORT=8100 make run"
        ) from None
    return lock


def check_port_is_free(port, setting):
    with socket.socket() as probe:
        # As the server will bind it; else a server that stopped a minute ago would look like another program.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((WEB_HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Stop what listens there, "
                f"or choose another with {setting}, for example: STUDIO_PORT=8100 make run"
            ) from None


def web_answers():
    connection = http.client.HTTPConnection(WEB_HOST, settings.PORT, timeout=5)
    try:
        connection.request("GET", reverse("live"), headers={"Host": settings.ALLOWED_HOSTS[0]})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
