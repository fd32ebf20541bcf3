"""Celery with Redis: two worker processes, results in Redis."""

import os
import subprocess
import sys
from time import sleep

from bench.contest import ROOT, ContestError, Given, Work

QUEUE = "celery"


def drain(given: Given) -> Work:
    """All enqueued while the workers, warm already, take nothing; then they do."""
    os.environ["BENCH_REDIS"] = given.url
    from redis import Redis  # noqa: PLC0415 (after the variable is set)

    from bench.peers.celery_app import app, task  # noqa: PLC0415

    log = (given.folder / "celery.log").open("w")
    worker = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "bench.peers.celery_app", "worker"),
            *("--concurrency", "2", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"),
        ],
        cwd=ROOT,
        stdout=log,
        stderr=log,
    )
    for warm in [task.delay(-1 - number) for number in range(8)]:
        warm.get(timeout=60)
    app.control.cancel_consumer(QUEUE, reply=True)
    results = Redis.from_url(f"{given.url}/1")
    results.flushdb()
    for number in range(1, given.count):
        task.apply_async((number,))

    def work() -> int:
        app.control.add_consumer(QUEUE)
        while int(str(results.dbsize())) < given.count - 1:
            if worker.poll() is not None:
                raise ContestError("the Celery worker ended")
            sleep(0.005)
        worker.terminate()
        worker.wait()
        return given.count - 1

    return work
