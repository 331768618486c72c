"""A server behind TLS: trusted by a certificate the user names, refused with words that help otherwise."""

import datetime
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.command import Command
from tests.conftest import RunningServer
from tests.network import FaultyProxy, faulty_proxy


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only itself vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a lab server")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem, key_file = folder / "lab.pem", folder / "lab.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, key_file


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return self_signed(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture(scope="module")
def behind_tls(shared_server: RunningServer, tls: ssl.SSLContext) -> Iterator[FaultyProxy]:
    with faulty_proxy(shared_server.url, tls) as proxy:
        yield proxy


@pytest.fixture
def zerosec(tmp_path: Path) -> Command:
    return Command(tmp_path / "client")


def test_a_server_that_cannot_prove_who_it_is_gets_nothing_and_the_user_a_way_out(
    zerosec: Command, behind_tls: FaultyProxy, shared_server: RunningServer
) -> None:
    seen = len(behind_tls.faults.seen)
    added = zerosec(
        "targets", "add", "lab", behind_tls.url, "--token-file", str(shared_server.token_file), "--json"
    )
    done = zerosec("run", "noop", "--target-server", "lab", "--json")

    assert added.code == 0
    assert "certificate" in added.json["problem"]
    assert done.code == 3
    assert done.json["failure"]["code"] == "server_not_trusted"
    assert "self-signed" in done.json["failure"]["detail"]
    assert "--ca FILE" in done.json["failure"]["hint"]
    assert len(behind_tls.faults.seen) == seen, "not one request went out"


def test_with_its_certificate_named_everything_goes_over_tls(
    zerosec: Command,
    server_factory: Callable[..., RunningServer],
    tls: ssl.SSLContext,
    certificate: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    server = server_factory(handover="false")
    data = tmp_path / "data.csv"
    data.write_bytes(b"x,y\n" + b"1,2\n" * 500_000)
    token = ("--token-file", str(server.token_file))

    with faulty_proxy(server.url, tls) as behind_tls:
        added = zerosec(
            "targets", "add", "lab", behind_tls.url, *token, "--ca", str(certificate[0]), "--json"
        )
        done = zerosec(
            "run", "noop", "--files", "3", str(data), "--target-server", "lab", "--out", "out", "--json"
        )
        seen = behind_tls.faults.seen

    assert added.json["reachable"], added.json
    assert done.code == 0, done.err
    assert done.json["metrics"]["input_0_bytes"] == data.stat().st_size
    assert len(list((tmp_path / "out").rglob("*.txt"))) >= 3
    assert any(line.startswith(b"PUT /api/v1/blobs") for line in seen)
    assert any(line.startswith(b"GET /api/v1/ws") for line in seen)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "ZEROSEC_CA_FILE"])
def test_the_environment_may_name_the_certificate(
    behind_tls: FaultyProxy,
    shared_server: RunningServer,
    certificate: tuple[Path, Path],
    tmp_path: Path,
    variable: str,
) -> None:
    zerosec = Command(
        tmp_path / "client",
        url=behind_tls.url,
        token=shared_server.token,
        **{variable: str(certificate[0])},
    )

    done = zerosec("run", "noop", "--json")

    assert done.code == 0, done.err


def test_a_file_that_holds_no_certificate_is_refused_when_it_is_named(
    zerosec: Command, behind_tls: FaultyProxy, tmp_path: Path
) -> None:
    (tmp_path / "wrong.pem").write_text("nothing of the kind")

    for name in ("wrong.pem", "missing.pem"):
        done = zerosec("targets", "add", "lab", behind_tls.url, "--ca", str(tmp_path / name), "--json")
        assert done.code == 5
        assert name in done.json["failure"]["title"]
    assert [target["name"] for target in zerosec("targets", "--json").json["targets"]] == ["this-computer"]


def test_an_address_with_https_where_no_tls_is_spoken_says_so(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    zerosec = Command(tmp_path / "client", url=shared_server.url.replace("http:", "https:"))

    done = zerosec("run", "noop", "--json")

    assert done.code == 3
    assert "does not speak TLS" in done.json["failure"]["title"]
