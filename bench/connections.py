"""Measures T2, T3 and T4: many status calls at once (videos/network/exchange.py, Looker)."""

import asyncio
import ssl
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bench.measuring import Row, cpu, interleaved
from bench.stub import stub
from videos.network.client import tls_context
from videos.network.exchange import Looker
from videos.vendors.contract import Call

CALL = Call("GET", "/v1/status?task_id=seed15abc123def456pro", None)
KEY = "sk-bench-0000000000000000"


@dataclass(frozen=True, slots=True)
class Spent:
    """``cpu`` per look, ``wall`` in all; seconds."""

    cpu: float
    wall: float


def look(port: int, *, looks: int, connections: int, scheme: str = "http", warm: bool = True) -> Spent:
    """Makes ``looks`` status calls over at most ``connections`` kept connections, as the sweep does."""
    return asyncio.run(_look(f"{scheme}://127.0.0.1:{port}", port, looks, connections, warm))


async def _look(base: str, port: int, looks: int, connections: int, warm: bool) -> Spent:
    trusted = frozenset({("127.0.0.1", port)})
    async with Looker(connections=connections) as looker:

        async def some(count: int) -> None:
            for _ in range(count):
                reply = await looker.send(CALL, base_url=base, key=KEY, trusted=trusted, deadline=45)
                assert reply.status == 200

        async def all_of(count: int) -> None:
            await asyncio.gather(*(some(count // connections) for _ in range(connections)))

        if warm:
            await all_of(connections)
        began, wall = cpu(), time.monotonic()
        await all_of(looks)
        return Spent((cpu() - began) / looks, time.monotonic() - wall)


def near_the_ideal() -> list[Row]:
    looks, connections, delay = 1000, 200, 0.2
    ideal = looks / connections * delay
    with stub("--delay", str(delay)) as port:
        (ours,) = interleaved(lambda: look(port, looks=looks, connections=connections).wall)
    return [
        Row(
            "T2", f"{looks} looks at a vendor that takes {delay} s, {connections} connections: wall / ideal",
            f"{ideal:.2f} s", f"{ours:.2f} s", ours / ideal, most=1.75,
        )
    ]  # fmt: skip


def no_pool_blow_up() -> list[Row]:
    with stub() as port:
        few, many = interleaved(
            lambda: look(port, looks=2000, connections=50).cpu,
            lambda: look(port, looks=2000, connections=200).cpu,
        )
    return [
        Row(
            "T3", "CPU per look: 200 connections / 50 connections",
            f"{few * 1e3:.2f} ms", f"{many * 1e3:.2f} ms", many / few, most=1.3,
        )
    ]  # fmt: skip


def against_a_client_per_look() -> list[Row]:
    """Measures against the loop in the vendors' documents, which makes everything anew for each question: ``requests.get`` has a
    session, a TLS context and a connection per call. Here that is an httpx client with a
    context that trusts one certificate instead of a hundred and forty, which costs less."""
    with tempfile.TemporaryDirectory() as folder:
        certificate(Path(folder))
        tls_context().load_verify_locations(f"{folder}/cert.pem")
        with stub("--tls", folder) as port:
            base, ours = interleaved(
                lambda: one_by_one(port, f"{folder}/cert.pem", looks=200),
                lambda: look(port, looks=1000, connections=100, scheme="https", warm=False).cpu,
            )
    return [
        Row(
            "T4", "looks per CPU second over TLS, handshakes included: ours / a new client for each",
            f"{base * 1e3:.1f} ms a look", f"{ours * 1e3:.2f} ms a look", base / ours, least=5,
        )
    ]  # fmt: skip


def one_by_one(port: int, trust: str, *, looks: int) -> float:
    began = cpu()
    for _ in range(looks):
        with httpx.Client(verify=ssl.create_default_context(cafile=trust)) as client:
            client.get(f"https://127.0.0.1:{port}{CALL.path}").json()
    return (cpu() - began) / looks


def certificate(folder: Path) -> None:
    """Writes a certificate for 127.0.0.1 (RSA 2048, one day) to cert.pem and key.pem."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
