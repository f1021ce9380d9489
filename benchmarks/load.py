"""Drives one address with wrk and reads its figures."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """What came of one run: requests a second and latencies in milliseconds."""

    requests_s: float
    p50_ms: float
    p99_ms: float
    errors: int


def require_wrk() -> str:
    """Return the path of wrk, or end with what to do."""
    return shutil.which("wrk") or sys.exit("wrk is missing: apt-get install wrk")


def drive(url: str, *, connections: int, seconds: int) -> Load:
    """Ask ``url`` over ``connections`` kept-alive connections for ``seconds``."""
    command = [require_wrk(), "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Load(
        requests_s=float(_find(r"Requests/sec:\s+([\d.]+)", text)),
        p50_ms=_latency("50", text),
        p99_ms=_latency("99", text),
        errors=sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
        + sum(
            int(number)
            for line in re.findall(r"Socket errors: (.*)", text)
            for number in re.findall(r"\d+", line)
        ),
    )


def _find(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        sys.exit(f"wrk printed nothing like {pattern!r}:\n{text}")
    return match[1]


def _latency(percentile: str, text: str) -> float:
    match = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
    return float(match[1]) * UNITS_MS[match[2]] if match else float("nan")
