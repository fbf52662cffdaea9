"""Measures Python's multiprocessing.Pool; prints a name and a value a line. The first argument is the rounds."""

import multiprocessing
import os
import statistics
import sys
import time


def task(i, x):
    return i + int(x)


def nothing():
    return os.getpid()


def spin(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def peak_kilobytes(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def median(rounds, measure):
    return statistics.median(measure() for _ in range(rounds))


def rate(pool, items, chunk):
    begin = time.perf_counter()
    pool.starmap_async(task, items, chunk).get()
    return len(items) / (time.perf_counter() - begin)


def trip(pool):
    begin = time.perf_counter()
    pool.apply(task, (1, 0.5))
    return (time.perf_counter() - begin) * 1e6


def copy(pool, data):
    begin = time.perf_counter()
    pool.apply(len, (data,))
    return len(data) / (time.perf_counter() - begin) / 1e9


def start(method):
    begin = time.perf_counter()
    with multiprocessing.get_context(method).Pool(2) as pool:
        pool.apply(nothing)
        return (time.perf_counter() - begin) * 1e3


def mixed(pool, durations):
    begin = time.perf_counter()
    pool.map(spin, durations)
    return (time.perf_counter() - begin) * 1e3


def main():
    rounds = int(sys.argv[1])
    long_items = int(sys.argv[2])
    print("version", sys.version.split()[0])
    print("start fork", median(2 * rounds + 1, lambda: start("fork")))
    print("start spawn", median(2 * rounds + 1, lambda: start("spawn")))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print("idle", peak_kilobytes(pool.apply(nothing)))
        few = [(i, 0.5) for i in range(20_000)]
        many = [(i, 0.5) for i in range(200_000)]
        rate(pool, few, 1)
        print("chunk 1", median(rounds, lambda: rate(pool, few, 1)))
        print("chunk 16", median(rounds, lambda: rate(pool, many, 16)))
        print("chunk 0", median(rounds, lambda: rate(pool, many, None)))
        print("trip", statistics.median(trip(pool) for _ in range(2_000)))
        data = bytes(256 * 1024 * 1024)
        print("copy", median(rounds, lambda: copy(pool, data)))
        durations = ([0.5] + [0.001] * 49) * long_items
        print("mix", mixed(pool, durations))


if __name__ == "__main__":
    main()
