"""The cache in a folder that the processes of one machine share."""

import multiprocessing
import threading

from newsandtimes.shared_cache import FolderCache


def add(folder, barrier, results):
    cache = FolderCache(folder, {})
    barrier.wait()
    results.append(cache.add("turn", True, timeout=5))


def test_of_many_threads_one_adds(tmp_path):
    barrier, results = threading.Barrier(16), []
    threads = [threading.Thread(target=add, args=(tmp_path, barrier, results)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 15 + [True]


def add_many(folder, start, taken):
    cache = FolderCache(folder, {})
    start.wait()
    taken.put([number for number in range(100) if cache.add(f"turn {number}", True, timeout=60)])


def test_of_two_processes_one_adds(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    start, taken = spawn.Barrier(2), spawn.Queue()
    both = [spawn.Process(target=add_many, args=(tmp_path, start, taken)) for _ in range(2)]
    for process in both:
        process.start()
    numbers = taken.get(timeout=60) + taken.get(timeout=60)
    for process in both:
        process.join()
    assert sorted(numbers) == list(range(100))


def test_added_key_is_there_and_ends(tmp_path):
    cache = FolderCache(tmp_path, {})
    assert cache.add("turn", "mine", timeout=60)
    assert cache.get("turn") == "mine"
    cache.set("turn", "over", timeout=0)
    assert cache.add("turn", "next", timeout=60)
    assert cache.get("turn") == "next"
