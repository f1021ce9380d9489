"""Measures a process with all its descendants, those too that nobody waits for."""

import subprocess
import threading
import time
from typing import Self

import psutil

INTERVAL_S = 0.1


class FamilyMeter:
    """Samples CPU time and memory of a process and its descendants while the block runs."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = psutil.Process(process.pid)
        self._cpu_s: dict[int, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak_mib = 0.0

    @property
    def cpu_s(self) -> float:
        """Return the CPU seconds, user and system, of all that were seen."""
        return sum(self._cpu_s.values())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.is_set():
            self._sample()
            time.sleep(INTERVAL_S)

    def _sample(self) -> None:
        memory = 0
        try:
            family = [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for member in family:
            try:
                times = member.cpu_times()
                memory += member.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            self._cpu_s[member.pid] = times.user + times.system
        self.peak_mib = max(self.peak_mib, memory / 2**20)
