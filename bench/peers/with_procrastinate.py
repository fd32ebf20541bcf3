"""Procrastinate with PostgreSQL: one worker, sixteen at once, the job's own row the result."""

import asyncio

from procrastinate import App, PsycopgConnector

from bench.contest import Given, Work
from bench.work import deliver


def drain(given: Given) -> Work:
    """One sent; all others deferred, then the worker runs until nothing is left."""
    conninfo = given.url.replace("postgresql+psycopg://", "postgresql://")
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=4, max_size=20))
    done: list[str] = []

    async def send(number: int) -> None:
        done.append(deliver(number))

    task = app.task(name="deliver")(send)

    async def apply_schema() -> None:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()

    async def defer(numbers: range) -> None:
        async with app.open_async():
            await task.batch_defer_async(*[{"number": number} for number in numbers])

    async def run() -> None:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=16, wait=False, listen_notify=False, install_signal_handlers=False
            )

    asyncio.run(apply_schema())
    asyncio.run(defer(range(1)))
    asyncio.run(run())
    asyncio.run(defer(range(1, given.count)))

    def work() -> int:
        asyncio.run(run())
        return len(done) - 1

    return work
