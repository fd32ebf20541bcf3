"""Procrastinate with PostgreSQL: one worker, sixteen at once, the job's own row the result."""

import asyncio

from procrastinate import App, PsycopgConnector

from bench.contest import Given, Work
from bench.work import deliver


def drain(given: Given) -> Work:
    """All deferred; then the worker runs until nothing is left."""
    conninfo = given.url.replace("postgresql+psycopg://", "postgresql://")
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=4, max_size=20))
    done: list[str] = []

    async def send(number: int) -> None:
        done.append(deliver(number))

    task = app.task(name="deliver")(send)

    async def fill() -> None:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            await task.batch_defer_async(*[{"number": number} for number in range(given.count)])

    async def run() -> None:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=16, wait=False, listen_notify=False, install_signal_handlers=False
            )

    asyncio.run(fill())

    def work() -> int:
        asyncio.run(run())
        return len(done)

    return work
