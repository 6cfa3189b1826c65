"""The two doors behind one signature, so that one test proves both."""

import asyncio
import datetime
import ipaddress
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from videos.network.exchange import Looker, send
from videos.vendors.contract import Call

KEY = "sk-test-0123456789"


def by_line(call, *, key=KEY, deadline=5.0, **more):
    return send(call, key=key, deadline=deadline, **more)


def by_looker(call, *, key=KEY, deadline=5.0, **more):
    async def ask():
        async with Looker(connections=4) as look:
            return await look.send(call, key=key, deadline=deadline, **more)

    return asyncio.run(ask())


both_doors = pytest.mark.parametrize("door", [by_line, by_looker])
POST = Call("POST", "/v1/generate", b'{"prompt":"a"}', (("Idempotency-Key", "k-1"),))
GET = Call("GET", "/v1/tasks/1?full=1")


class Names:
    """Stands where the system's resolver stands, and counts. A name has a list
    of answers, one per question (the last repeats): that is DNS rebinding."""

    def __init__(self, monkeypatch, **names):
        self.asked = []
        self._names = {name.replace("_", "."): answers for name, answers in names.items()}
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self.getaddrinfo)

    def getaddrinfo(self, host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002 (the system's own name)
        if host not in self._names:
            return self._real(host, port, family, type, proto, flags)
        self.asked.append(host)
        answers = self._names[host]
        ips = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (ip, port, 0, 0))
            if ipaddress.ip_address(ip).version == 6
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in ips
        ]


def certificate(folder, name):
    """A certificate authority of one, for ``name``."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(file)
    return ours, ssl.create_default_context(cafile=str(file))
