"""Mail that comes back to the site's own mailbox, and a Dovecot to keep it in."""

import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from newsletter import envelope
from tests.factories import make_delivery, make_subscriber

DATA = Path(__file__).parents[2] / "data" / "bounces"
PLACE = b"mail+b12.aaaaaaaaaaaaaaaaaaaaaaaa@lists.review.example"
DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")


@pytest.fixture(autouse=True)
def _bounce_address(settings):
    settings.BOUNCE_ADDRESS = "mail@lists.review.example"


@pytest.fixture
def delivery():
    """A mail that went out before all that comes back here, to reader@example.org."""
    at = datetime(2026, 11, 23, 11, tzinfo=UTC)
    return make_delivery(
        subscriber=make_subscriber(email="reader@example.org"),
        state="sent",
        handed_over_at=at,
        finished_at=at,
        message_id="3f1c9a@review.example",
    )


def returned(name, address):
    """One of the golden mails, come back to an address of ours."""
    address = address if isinstance(address, bytes) else address.encode()
    return (DATA / f"{name}.eml").read_bytes().replace(PLACE, address)


def about(delivery, name="postfix"):
    return returned(name, envelope.return_path(delivery.pk))


# --- Dovecot -------------------------------------------------------------------------------------


@dataclass
class Dovecot:
    """A running mail server with one mailbox, whose mails can be put in and looked at."""

    port: int
    tls_port: int
    inbox: Path
    count: int = 0

    @property
    def url(self):
        return f"imap://mail:s%40crit@127.0.0.1:{self.port}/INBOX"

    def put(self, raw, *, flags=""):
        self.count += 1
        path = (
            self.inbox
            / ("cur" if flags else "new")
            / f"{1_800_000_000 + self.count}.M{self.count}P1.here"
        )
        path = path.with_name(f"{path.name}:2,{flags}") if flags else path
        path.write_bytes(raw)
        shutil.chown(path, "nobody", "nogroup")

    @property
    def mails(self):
        """The mails that are still there, as (first letters of the body, flags)."""
        paths = [*(self.inbox / "new").iterdir(), *(self.inbox / "cur").iterdir()]
        return sorted((path.read_bytes(), path.name.partition(":2,")[2]) for path in paths)


CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
state_dir = {folder}/state
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
passdb {{
  driver = static
  args = user=mail password=s@crit
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}
}}
"""


@pytest.fixture(scope="session")
def dovecot_server():
    if DOVECOT is None or not _is_old_enough():
        pytest.skip("no Dovecot 2.3 on this machine, or no right to start it")
    # Not below pytest's own folders, into which nobody but their owner may look.
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    inbox = folder / "mail"
    for name in ("new", "cur", "tmp"):
        (inbox / name).mkdir(parents=True)
    for path in [folder, inbox, *inbox.iterdir()]:
        shutil.chown(path, "nobody", "nogroup")
    _make_certificate(folder)
    port, tls_port = _free_port(), _free_port()
    config = folder / "dovecot.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, tls_port=tls_port))
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(config)])
    _wait_for(port, folder / "log")
    yield Dovecot(port, tls_port, inbox)
    process.terminate()
    process.wait(timeout=20)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def dovecot(dovecot_server, settings):
    """The mail server, its mailbox empty, named in the settings."""
    for folder in ("new", "cur"):
        for path in (dovecot_server.inbox / folder).iterdir():
            path.unlink()
    settings.BOUNCE_MAILBOX = dovecot_server.url
    return dovecot_server


@pytest.fixture
def trusted(dovecot_server, monkeypatch):
    """Take the server's own certificate for good."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot_server.inbox.parent / "cert.pem"))
    return ssl.create_default_context()


def _is_old_enough():
    import os

    version = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=True)
    return re.match(r"2\.3\.", version.stdout) is not None and os.geteuid() == 0


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(port, log):
    for _ in range(100):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    pytest.fail(f"Dovecot does not listen: {log.read_text() if log.exists() else 'no log'}")


def _make_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
