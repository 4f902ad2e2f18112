"""The pool runs works in other processes, and survives whatever they do."""

import asyncio
import os
import pickle
import runpy
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pool_works as works
import psutil
import pytest

from ingest.edge.pool import ProcessPool
from ingest.errors import FetchError, WorkError

HERE = Path(__file__).parent
MEMORY = 600_000_000
PATIENCE_S = 20
"""How long to wait for a process to end before the test fails."""


@pytest.fixture
async def make_pool() -> AsyncIterator[Callable[..., ProcessPool]]:
    made: list[ProcessPool] = []

    def make(workers: int = 1, timeout_s: float = 60, preload: tuple[str, ...] = ()) -> ProcessPool:
        made.append(ProcessPool(workers, timeout_s, MEMORY, preload))
        return made[-1]

    yield make
    for pool in made:
        await pool.close()


@pytest.fixture
def pool(make_pool: Callable[..., ProcessPool]) -> ProcessPool:
    return make_pool()


def ended(pids: list[int]) -> bool:
    """Whether processes are gone, or dead and only not yet buried."""
    processes = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    _, left = psutil.wait_procs(processes, timeout=PATIENCE_S)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in left)


async def test_a_result_comes_back(pool: ProcessPool) -> None:
    assert await pool.run(works.add, 2, second=3) == 5


async def test_works_run_at_once_in_other_processes(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool(workers=2)
    pids = await asyncio.gather(*(pool.run(works.worker_pid) for _ in range(20)))
    assert os.getpid() not in pids
    assert len(set(pids)) <= 2


async def test_no_process_starts_before_the_first_work(make_pool: Callable[..., ProcessPool]) -> None:
    before = psutil.Process().children(recursive=True)
    make_pool(workers=2)
    assert psutil.Process().children(recursive=True) == before


async def test_an_error_of_the_work_comes_through_with_its_type(pool: ProcessPool) -> None:
    with pytest.raises(FetchError, match=r"example\.org: no answer") as caught:
        await pool.run(works.fail_to_fetch)
    assert (caught.value.kind, caught.value.retry_after_s) == ("timeout", 3)


async def test_an_error_of_the_work_tells_where_it_was_raised(pool: ProcessPool) -> None:
    with pytest.raises(FetchError) as caught:
        await pool.run(works.fail_to_fetch)
    assert "in fail_to_fetch" in "".join(caught.value.__notes__)


@pytest.mark.parametrize(
    ("work", "args", "words"),
    [
        (works.run_forever, (), "took longer than 0.2 s"),
        (works.hang_in_c, (), "took longer than 0.2 s"),
        (works.die, (signal.SIGKILL,), r"its process died \(exit code -9\)"),
        (works.die, (signal.SIGSEGV,), r"its process died \(exit code -11\)"),
        (works.leave, (3,), r"its process died \(exit code 3\)"),
        (works.leave_politely, (), "SystemExit: enough"),
        (works.fail_stubbornly, (), "StubbornError: cannot travel"),
    ],
)
async def test_a_bad_work_fails_alone(
    make_pool: Callable[..., ProcessPool], work: Callable[..., None], args: tuple[int, ...], words: str
) -> None:
    pool = make_pool(timeout_s=0.2)
    with pytest.raises(WorkError, match=words):
        await pool.run(work, *args)
    assert await pool.run(works.add, 2, 3) == 5


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is enforced on Linux alone")
async def test_a_work_that_needs_too_much_memory_fails_alone(pool: ProcessPool) -> None:
    with pytest.raises(WorkError, match=r"needed more than 0\.6 GB of memory"):
        await pool.run(works.devour, MEMORY)
    assert await pool.run(works.devour, MEMORY // 4) == MEMORY // 4


async def test_a_killed_work_leaves_the_others_alone(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool(workers=2)
    died, pid = await asyncio.gather(
        pool.run(works.die, signal.SIGKILL), pool.run(works.worker_pid), return_exceptions=True
    )
    assert isinstance(died, WorkError)
    assert isinstance(pid, int)


@pytest.mark.parametrize("work", [lambda: None, works.give_a_function])
async def test_what_cannot_be_pickled_fails_its_own_call(pool: ProcessPool, work: Callable[[], object]) -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        await pool.run(work)
    assert await pool.run(works.add, 2, 3) == 5


async def test_ctrl_c_is_left_to_the_parent(pool: ProcessPool) -> None:
    assert await pool.run(works.interrupted) == "still here"


async def test_the_pool_recovers_from_the_death_of_idle_workers(pool: ProcessPool) -> None:
    pid = await pool.run(works.worker_pid)
    os.kill(pid, signal.SIGKILL)
    assert await asyncio.to_thread(ended, [pid])
    await asyncio.gather(pool.run(works.add, 2, 3), return_exceptions=True)  # may fail with the pool that died
    assert await pool.run(works.add, 2, 3) == 5


async def test_cancelling_kills_the_work(pool: ProcessPool, tmp_path: Path) -> None:
    running, pid = await hanging(pool, tmp_path)
    running.cancel()
    assert await asyncio.to_thread(ended, [pid])
    assert running.cancelled()
    assert await pool.run(works.add, 2, 3) == 5


async def test_closing_kills_and_fails_the_work(pool: ProcessPool, tmp_path: Path) -> None:
    running, pid = await hanging(pool, tmp_path)
    await pool.close()
    assert await asyncio.to_thread(ended, [pid])
    with pytest.raises(WorkError):
        await running


async def test_a_closed_pool_does_no_work(pool: ProcessPool) -> None:
    await pool.close()
    with pytest.raises(WorkError, match="the pool is closed"):
        await pool.run(works.add, 2, 3)


async def test_a_module_that_cannot_be_preloaded_is_told(make_pool: Callable[..., ProcessPool]) -> None:
    pool = make_pool(preload=("no_such_module",))
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        await pool.run(works.add, 2, 3)
    assert pool.trouble == "no worker process starts: ModuleNotFoundError: No module named 'no_such_module'"


async def test_a_pool_that_works_has_no_trouble(pool: ProcessPool) -> None:
    assert pool.trouble is None
    await pool.run(works.add, 2, 3)
    assert pool.trouble is None


@pytest.mark.parametrize("how", [[str(HERE / "pool_parent.py")], ["-m", "pool_parent"]], ids=["script", "module"])
def test_modules_are_preloaded_once_for_all_workers(how: list[str]) -> None:
    with parent([*how, "preload"]) as program:
        assert program.communicate(timeout=PATIENCE_S)[0] == "True\n"


def test_a_program_that_stops_while_its_workers_start_comes_to_its_end() -> None:
    with parent([str(HERE / "pool_parent.py"), "leave"]) as program:
        try:
            assert program.wait(timeout=PATIENCE_S) == 0
        finally:
            program.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a worker ends after its present work")
def test_no_process_outlives_a_killed_parent() -> None:
    with parent([str(HERE / "pool_parent.py"), "hang"]) as program:
        hanging = [int(program.stdout.readline()) for _ in range(2)]
        family = [child.pid for child in psutil.Process(program.pid).children(recursive=True)]
        assert set(hanging) < set(family)
        program.kill()
        assert ended(family)


def test_workers_may_import_the_program_without_running_it() -> None:
    runpy.run_module("ingest.__main__", run_name="__mp_main__")


def parent(arguments: list[str]) -> subprocess.Popen[str]:
    """A program of its own that runs a pool."""
    paths = os.pathsep.join([str(HERE), *filter(None, sys.path)])
    return subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths}
    )


async def hanging(pool: ProcessPool, folder: Path) -> tuple[asyncio.Task[None], int]:
    """A work that has begun and will not end, and its process."""
    pipe = folder / "started"
    os.mkfifo(pipe)
    running = asyncio.create_task(pool.run(works.hang_in_c, str(pipe)))
    return running, int(await asyncio.to_thread(pipe.read_text))
