"""What was done, how often, and what was lost by it."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SPAWNER = multiprocessing.get_context("forkserver")  # children that have imported all: kills fall into their work
SPAWNER.set_forkserver_preload(["tests.faults.work"])


@dataclass
class Outcome:
    """A fault: what was done, how many times, what was lost, and what else is worth saying."""

    done: str
    times: int = 0
    lost: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note a loss unless all is well."""
        if not holds:
            self.lost.append(f"{self.times}: {otherwise}")


def run(work: Callable[..., None], *arguments: object, kill_after: float | None = None) -> float:
    """Run work in a process of its own; return the seconds that it took.

    Args:
        work: A function of `tests.faults.work`.
        arguments: Its arguments.
        kill_after: Seconds after which the process is killed (SIGKILL), if it is still at work.
    """
    parent, child = SPAWNER.Pipe()
    process = SPAWNER.Process(target=_ready, args=(child, work, *arguments))
    process.start()
    child.close()
    parent.recv()
    begin = time.perf_counter()
    parent.send(None)
    process.join(kill_after)
    if process.is_alive():
        process.kill()
        process.join()
    took = time.perf_counter() - begin
    parent.close()
    if kill_after is None and process.exitcode:
        raise AssertionError(f"{work.__name__} ended with {process.exitcode}")
    process.close()
    return took


def _ready(pipe, work, *arguments):
    pipe.send(None)
    pipe.recv()
    work(*arguments)
