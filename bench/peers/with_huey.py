"""huey: SqliteHuey with fsync, four worker threads, the result kept by huey."""

import threading

from huey import SqliteHuey
from huey.signals import SIGNAL_COMPLETE

from bench.contest import Given, Work
from bench.work import deliver


def drain(given: Given) -> Work:
    """One sent by workers that end again; all others enqueued, then the workers start."""
    huey = SqliteHuey("bench", filename=str(given.folder / "huey.db"), fsync=True)
    done = threading.Semaphore(0)
    huey.signal(SIGNAL_COMPLETE)(lambda *_: done.release())
    task = huey.task()(deliver)

    def run(count: int) -> int:
        consumer = huey.create_consumer(
            workers=4,
            periodic=False,
            initial_delay=0.001,
            max_delay=0.01,
            check_worker_health=False,
        )
        consumer.start()
        for _ in range(count):
            done.acquire()
        consumer.stop(graceful=True)
        return count

    task(0)
    run(1)
    for number in range(1, given.count):
        task(number)
    return lambda: run(given.count - 1)
