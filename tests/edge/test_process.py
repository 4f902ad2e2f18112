"""The living are never taken for dead."""

import os
import subprocess
import sys

import psutil
import pytest

from ingest.edge.process import alive, place, start, this_process


def owner(pid: int) -> str:
    return f"{place()}/{pid}/{start(pid)}"


def test_this_process_lives() -> None:
    assert alive(this_process())


def test_a_process_lives_until_it_is_killed_buried_or_not() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        name = owner(child.pid)
        before = alive(name)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        unburied = alive(name)
        child.wait()
        assert (before, unburied, alive(name)) == (True, False, False)


def test_another_process_with_its_id_is_another() -> None:
    assert alive(f"{this_process()}1") is False


@pytest.mark.parametrize("elsewhere", [f"{place()}1", f"other {place()}"])
def test_of_a_process_in_another_place_nothing_is_known(elsewhere: str) -> None:
    assert alive(this_process().replace(place(), elsewhere)) is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a start is told by the clock")
def test_a_process_outlives_a_change_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    before = this_process()
    booted = psutil.boot_time()
    for module in ("psutil", "psutil._pslinux"):
        monkeypatch.setattr(f"{module}.boot_time", lambda: booted + 3600)
    assert alive(before)
