"""APScheduler: every delivery a job in SQLAlchemyJobStore, its result a row beside it."""

import threading
from datetime import UTC, datetime

from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text

from bench.contest import Given, Work
from bench.peers.sqlite_full import durable_engine
from bench.work import deliver

metadata = MetaData()
results = Table("results", metadata, Column("id", Integer, primary_key=True), Column("text", Text))
engines: list[Engine] = []
"""The engine of this process: a stored job can only name a function, and carries no engine."""


def job(number: int) -> None:
    """One delivery."""
    with engines[0].begin() as connection:
        connection.execute(results.insert().values(id=number, text=deliver(number)))


def drain(given: Given) -> Work:
    """One sent; all others due at once."""
    engine = durable_engine(given.folder / "apscheduler.db")
    engines[:] = [engine]
    metadata.create_all(engine)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        executors={"default": ThreadPoolExecutor(4)},
        job_defaults={"misfire_grace_time": None},
    )
    done = threading.Semaphore(0)
    scheduler.add_listener(lambda _event: done.release(), EVENT_JOB_EXECUTED)
    scheduler.start()
    _add(scheduler, 0)
    done.acquire()
    scheduler.pause()
    for number in range(1, given.count):
        _add(scheduler, number)

    def work() -> int:
        scheduler.resume()
        for _ in range(1, given.count):
            done.acquire()
        scheduler.shutdown(wait=True)
        return given.count - 1

    return work


def _add(scheduler: BackgroundScheduler, number: int) -> None:
    scheduler.add_job(job, "date", run_date=datetime.now(UTC), args=[number])
