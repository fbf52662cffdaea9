"""Calls a function for each line or CSV row of a file and writes a line of JSON for each, as bin/procpool does, on
multiprocessing.Pool with imap and chunks. The arguments are lines or csv, and the file."""

import collections
import csv
import json
import multiprocessing
import sys


def length(line):
    return len(line)


def price(row):
    return int(row[0]) * float(row[1])


def kept(items, waiting):
    for item in items:
        waiting.append(item)
        yield item


def main():
    kind, path = sys.argv[1:]
    waiting = collections.deque()
    with open(path) as rows, multiprocessing.get_context("fork").Pool(2) as pool:
        if kind == "lines":
            task, items = length, (line.rstrip("\n") for line in rows)
        else:
            task, items = price, csv.reader(rows)
            next(items)
        for index, value in enumerate(pool.imap(task, kept(items, waiting), 1000)):
            result = {"index": index, "args": waiting.popleft(), "status": "ok", "value": value}
            sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
