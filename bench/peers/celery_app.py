"""The Celery application that worker and client share. $BENCH_REDIS names the server."""

import os

from celery import Celery

from bench.work import deliver

SERVER = os.environ.get("BENCH_REDIS", "")

app = Celery("bench", broker=f"{SERVER}/0", backend=f"{SERVER}/1")
app.conf.update(
    task_acks_late=True,  # what a crash takes is done again: the promise the others make, too
    worker_prefetch_multiplier=16,
    broker_connection_retry_on_startup=True,
)
task = app.task(deliver)
