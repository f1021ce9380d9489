"""Several senders at once that are killed, a database that crashes, the worst of mail servers.

With MAILS=5000 in the environment it takes a minute on two busy cores, as in .ci/run.
"""

import json
import os
import pwd
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests import migrated
from tests.newsletter.sending.hostile_server import MANY, Deed
from tests.waiting import wait_until

MAILS = int(os.environ.get("MAILS", "1500"))
SENDERS = 3
CONNECTIONS = 4
KILLS_AT = [0.1, 0.25, 0.4, 0.6, 0.75]
CRASH_AT = 0.5
PATIENCE_S = 120
"""Nothing here waits for a time to pass: so long may a very busy machine take."""

FILL = f"""
from django.utils import timezone
from newsletter.models import *
now = timezone.now()
edition = Edition.objects.create(
    kind="digest", digest=Digest.objects.create(title="Daily", slug="d"), state="sending",
    due_at=now, window_start=now, frozen_at=now, alive_at=now, prepared_at=now)
variant = Variant.objects.create(
    edition=edition, digest_key="a", language="en", subject="Daily", mark="m" * 32,
    text="Read " + "m" * 32, html="<p>" + "m" * 32 + "</p>" + "<p>Words of the day.</p>" * 400)
emails = [f"reader{{n}}@example.org" for n in range({MAILS})]
Subscriber.objects.bulk_create(
    Subscriber(email=email, email_key=email, state="active", confirmed_at=now) for email in emails)
Delivery.objects.bulk_create(
    Delivery(edition=edition, variant=variant, subscriber=one, due_at=now,
             message_id=f"{{one.email.removesuffix('@example.org')}}@testserver")
    for one in Subscriber.objects.order_by("pk"))
"""

ROWS = """
import json
from newsletter.models import *
print(json.dumps({
    "edition": Edition.objects.get().state,
    "readers": Delivery.objects.values("subscriber").distinct().count(),
    "rows": list(Delivery.objects.values_list("message_id", "state", "lease_until", "claimed_by")),
}, default=str))
"""

STATE = "SELECT state FROM newsletter_edition"


class OwnFile(migrated.OwnFile):
    """A database file."""

    def crash(self):
        """Nothing: there is no server."""


class Postgres:
    """A database server of its own, which may crash."""

    def __init__(self):
        (self.bin,) = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
        # Not in pytest's own folder, which is closed to all but its owner.
        self.folder = Path(tempfile.mkdtemp(prefix="newsandtimes-cluster-"))
        self._as_owner = {}
        if os.getuid() == 0:  # the server refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._run("initdb", "-D", ".", "-U", "postgres", "-A", "trust", "--no-sync")
        self.port = free_port()
        self.options = f"-p {self.port} -h 127.0.0.1 -k {self.folder}"
        self._start()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        migrated.migrate(self.url)

    def _run(self, program, *arguments):
        command = [self.bin / program, *arguments]
        # The server inherits its output; a pipe would stay open as long as it lives.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, cwd=self.folder, **quiet, **self._as_owner)

    def _start(self):
        self._run("pg_ctl", "-D", ".", "-l", "log", "-w", "-o", self.options, "start")

    def ask(self, question):
        return migrated.on_server(self.url, question)

    def crash(self):
        """Stop without any farewell, as in a power cut, and start again."""
        self._run("pg_ctl", "-D", ".", "-m", "immediate", "stop")
        self._start()

    def drop(self):
        self._run("pg_ctl", "-D", ".", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def database(request, tmp_path, is_postgres):
    if is_postgres:
        database = Postgres()
    else:
        database = OwnFile(tmp_path, request.getfixturevalue("migrated_copy"))
    yield database
    database.drop()


@pytest.fixture
def accepted(tmp_path):
    """The file in which the mail server puts down what it has accepted."""
    path = tmp_path / "accepted"
    path.touch()
    return path


@pytest.fixture
def environment(tmp_path, database, accepted):
    """What the site's processes run with, a mail server among it."""
    command = [sys.executable, "-m", "tests.newsletter.sending.hostile_server", accepted]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline())
    yield os.environ | {
        "DATABASE_URL": database.url,
        "DATA_DIR": str(tmp_path),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "MAIL_CONNECTIONS": str(CONNECTIONS),
        "MAIL_LEASE_S": "5",
        "MAIL_RETRY_MINUTES": "0.01,0.02,0.03,0.05,0.1",
    }
    server.kill()
    server.wait()
    server.stdout.close()


def manage(environment, *command):
    command = [sys.executable, "manage.py", *command]
    return subprocess.run(command, env=environment, check=True, text=True, capture_output=True)


def start_sender(environment, log):
    command = [sys.executable, "manage.py", "send_editions", "--loop"]
    with log.open("ab") as out:
        return subprocess.Popen(command, env=environment, stdout=out, stderr=out)


def test_of_all_mails_none_is_lost_and_none_sent_twice(tmp_path, database, environment, accepted):
    chance = random.Random(20261128)  # noqa: S311  the same victims in every run
    manage(environment, "shell", "-v0", "-c", FILL)
    log = tmp_path / "senders.log"
    senders = [start_sender(environment, log) for _ in range(SENDERS)]
    try:
        for share in sorted([*KILLS_AT, CRASH_AT]):
            enough = share * MAILS
            wait_until(lambda enough=enough: count_of(accepted) >= enough, patience_s=PATIENCE_S)
            assert database.ask(STATE) == [("sending",)]
            if share == CRASH_AT:
                database.crash()
                continue
            victim = chance.randrange(SENDERS)
            senders[victim].kill()
            senders[victim].wait()
            senders[victim] = start_sender(environment, log)
        wait_until(lambda: database.ask(STATE) != [("sending",)], patience_s=PATIENCE_S)
    finally:
        for sender in senders:
            sender.send_signal(signal.SIGTERM)
        codes = [sender.wait(timeout=PATIENCE_S) for sender in senders]

    assert codes == [0] * SENDERS, log.read_text()[-5000:]
    found = json.loads(manage(environment, "shell", "-v0", "-c", ROWS).stdout)
    check(found, Counter(accepted.read_text().split()))


def count_of(accepted):
    return accepted.read_bytes().count(b"\n")


def check(found, taken):
    assert (found["edition"], found["readers"]) == ("sent", MAILS)
    states = {message_id: state for message_id, state, _, _ in found["rows"]}
    assert len(states) == len(found["rows"]) == MAILS
    assert {(lease, by) for _, _, lease, by in found["rows"] if lease} == set()
    # None was accepted twice, and none that the server never saw the whole of is called sent.
    assert [message_id for message_id, count in taken.items() if count > 1] == []
    assert set(taken) <= set(states)
    sent = {message_id for message_id, state in states.items() if state == "sent"}
    assert sent <= set(taken)
    # None was lost but what an editor is asked about.
    unknown = {message_id for message_id, state in states.items() if state == "unknown"}
    failed = {message_id for message_id, state in states.items() if state == "failed"}
    assert Counter(states.values()).keys() <= {"sent", "failed", "unknown"}
    assert set(taken) - sent <= unknown
    assert failed | unknown | sent == set(states)
    assert {deed_to(message_id) for message_id in failed} <= {Deed.REFUSE}
    dropped = {
        message_id
        for message_id in states
        if deed_to(message_id) in {Deed.HANG_UP_IN_DATA, Deed.HANG_UP_AFTER_DATA}
    }
    assert dropped <= unknown
    assert len(unknown - dropped) <= CONNECTIONS * len(KILLS_AT)


def deed_to(message_id):
    return int(message_id.partition("@")[0].removeprefix("reader")) % MANY
