"""How fast editions go out, ledger writes included, against what is possible without a ledger.

    .venv/bin/python -m benchmarks.send [--mails 10000] [--size 10000] [--workers 1 2]
        [--delay 0] [--connections 5]

Sends an edition with ``manage.py send_editions``, each mail personal, to a sink on loopback. The
references, in the same run: a loop over one kept-open connection that hands over one ready mail
again and again; Postfix's ``smtp-source`` in one session at a time and in four, if it is installed,
with a connection for each mail and with one for all; and Django, which builds each mail anew, over
one kept-open connection and by ``send_mail``. ``--delay`` has the sink take so many milliseconds
for each mail. BENCHMARK_DATABASE_URL puts the database elsewhere, such as on PostgreSQL: its tables
are emptied.
"""

import argparse
import os
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.servers import ROOT, site_environment

MARK = "m" * 32
LINE = "<p>Both sides said that the first forty kilometres of the border are agreed.</p>\n"
SOURCES = [(1, list[str]()), (4, list[str]()), (1, ["-d"])]  # -d: one connection for all mails
OF_DJANGO = 600  # mails for the slow references


def main() -> None:
    """Prepare, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--connections", type=int, default=5)
    parser.add_argument("--delay", type=float, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sink(options) as port:
        os.environ |= site_environment(Path(folder)) | {
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_CONNECTIONS": str(options.connections),
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        import django

        django.setup()
        _measure(options, port)


@contextmanager
def sink(options: argparse.Namespace) -> Iterator[int]:
    """Run a sink for the length of the block; its port."""
    command = [sys.executable, "-m", "benchmarks.mail_sink", "--delay", str(options.delay)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    port = int((process.stdout or sys.stdin.buffer).readline())
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _measure(options: argparse.Namespace, port: int) -> None:
    size = len(_one_mail(options.size))
    print(
        f"{options.mails:,} mails of {size:,} bytes, {options.connections} connections a worker, "
        f"{options.delay:g} ms in the sink\n"
    )
    print(f"{'':<34}{'mails/s':>9}{'of Django':>11}{'CPU ms':>9}{'MiB':>14}")
    django_s = _django_kept_open(options.size)
    _row("Django, send_mail for each", _django_send_mail(options.size), django_s)
    _row("Django, one kept-open connection", django_s, django_s)
    _row("bare loop, one connection", _bare(options, port), django_s)
    for sessions, options_of in SOURCES if shutil.which("smtp-source") else ():
        name = f"smtp-source {' '.join([*options_of, '-s', str(sessions)])}"
        _row(name, _smtp_source(options, port, sessions, options_of), django_s)
    first: float | None = None
    for workers in options.workers:
        ours = _ours(options, workers)
        first = first or ours.mails_s
        name = f"send_editions, {workers} worker{'s' * (workers > 1)}"
        more = f"{ours.cpu_ms:>9.2f}{ours.early_mib:>7.0f}{ours.late_mib:>7.0f}"
        _row(name, ours.mails_s, django_s, f"{more}  ({ours.mails_s / first:.2f} of the first)")


def _row(name: str, mails_s: float, django_s: float, more: str = "") -> None:
    print(f"{name:<34}{mails_s:>9,.0f}{mails_s / django_s:>10.1f}×{more}", flush=True)


@dataclass(frozen=True)
class Measured:
    """One run of the senders: memory of one of them after a fifth of the mails and at the end."""

    mails_s: float
    cpu_ms: float
    early_mib: float
    late_mib: float


def _ours(options: argparse.Namespace, workers: int) -> Measured:
    from django.db.models import Max, Min

    from newsletter.models import Delivery, Edition

    _fill(options)
    command = [sys.executable, "manage.py", "send_editions", "--loop"]
    environment = os.environ | {"LOG_LEVEL": "WARNING"}
    senders = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(workers)]
    family = [psutil.Process(sender.pid) for sender in senders]
    started = Delivery.objects.exclude(state="queued").exclude(state="claimed")
    while started.count() < options.mails // 5:
        time.sleep(0.3)
    early_mib, spent_s = _memory(family), _cpu(family)
    rest = options.mails - started.count()
    while Edition.objects.filter(state="sending").exists():
        time.sleep(0.3)
    late_mib, spent_s = _memory(family), _cpu(family) - spent_s
    for sender in senders:
        sender.terminate()
        sender.wait(timeout=60)
    sent = Delivery.objects.filter(state="sent")
    if sent.count() != options.mails:
        sys.exit("Not all mails were sent.")
    times = sent.aggregate(first=Min("handed_over_at"), last=Max("finished_at"))
    took_s = (times["last"] - times["first"]).total_seconds()
    return Measured(options.mails / took_s, spent_s * 1000 / rest, early_mib, late_mib)


def _memory(family: list[psutil.Process]) -> float:
    return max(member.memory_info().rss for member in family) / 2**20


def _cpu(family: list[psutil.Process]) -> float:
    return sum(sum(member.cpu_times()[:2]) for member in family)


def _fill(options: argparse.Namespace) -> None:
    """Make an edition whose every mail is due."""
    from django.utils import timezone

    from newsletter.models import Delivery, Digest, Edition, Subscriber, Variant

    for model in (Delivery, Variant, Edition, Subscriber):
        model.objects.all()._raw_delete("default")
    now = timezone.now()
    digest, _ = Digest.objects.get_or_create(slug="benchmark", defaults={"title": "Benchmark"})
    edition = Edition.objects.create(
        digest=digest, state="paused", due_at=now, window_start=now, frozen_at=now, prepared_at=now
    )
    text, html = _texts(options.size)
    variant = Variant.objects.create(
        edition=edition,
        digest_key="1",
        language="en",
        mark=MARK,
        subject=_SUBJECT,
        text=text,
        html=html,
    )
    emails = [f"reader{number}@example.org" for number in range(options.mails)]
    Subscriber.objects.bulk_create(
        Subscriber(email=email, email_key=email, state="active", confirmed_at=now)
        for email in emails
    )
    Delivery.objects.bulk_create(
        Delivery(
            edition=edition,
            variant=variant,
            subscriber_id=pk,
            due_at=now,
            message_id=f"{pk}@benchmark.example",
        )
        for pk in Subscriber.objects.order_by("pk").values_list("pk", flat=True)
    )
    Edition.objects.update(state="sending", alive_at=timezone.now())


_SUBJECT = "The daily review: markers and maps before winter"


def _texts(size: int) -> tuple[str, str]:
    link = f"http://127.0.0.1/subscription/{MARK}/"
    html = f'<p><a href="{link}">You</a></p>\n' + LINE * (size * 3 // 4 // len(LINE))
    text = f"{link}\n\n" + LINE[3:-5] * (size // 4 // len(LINE))
    return text + f"\n{link}unsubscribe/\n", html + f'<a href="{link}unsubscribe/">Leave</a>\n'


def _message(number: int, size: int) -> "EmailMultiAlternatives":  # noqa: F821
    """Return one mail as a Django site would build it."""
    from django.core.mail import EmailMultiAlternatives

    from newsletter import tokens

    token = tokens.make_subscription(f"{number:022}")
    text, html = (part.replace(MARK, token) for part in _texts(size))
    headers = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Precedence": "bulk"}
    message = EmailMultiAlternatives(
        _SUBJECT, text, "review@example.org", [f"reader{number}@example.org"], headers=headers
    )
    message.attach_alternative(html, "text/html")
    return message


def _one_mail(size: int) -> bytes:
    import email.policy

    return bytes(_message(0, size).message(policy=email.policy.SMTP).as_bytes())


def _django_kept_open(size: int) -> float:
    from django.core.mail import mailers

    with mailers.default as connection:
        started_at = time.perf_counter()
        connection.send_messages([_message(number, size) for number in range(OF_DJANGO)])
        return OF_DJANGO / (time.perf_counter() - started_at)


def _django_send_mail(size: int) -> float:
    started_at = time.perf_counter()
    for number in range(OF_DJANGO // 2):
        _message(number, size).send()
    return OF_DJANGO / 2 / (time.perf_counter() - started_at)


def _bare(options: argparse.Namespace, port: int) -> float:
    data = _one_mail(options.size)
    with smtplib.SMTP("127.0.0.1", port) as connection:
        connection.ehlo()
        started_at = time.perf_counter()
        for number in range(options.mails):
            connection.sendmail("review@example.org", [f"reader{number}@example.org"], data)
        return options.mails / (time.perf_counter() - started_at)


def _smtp_source(
    options: argparse.Namespace, port: int, sessions: int, options_of: list[str]
) -> float:
    command = ["smtp-source", *options_of, "-s", str(sessions), "-m", str(options.mails)]
    command += ["-l", str(options.size), f"127.0.0.1:{port}"]
    started_at = time.perf_counter()
    subprocess.run(command, check=True, timeout=300)
    return options.mails / (time.perf_counter() - started_at)


if __name__ == "__main__":
    main()
