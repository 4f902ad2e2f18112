"""The first thing that a newcomer sees."""

import signal
from itertools import takewhile

from shell import Ingest

LAST = "Everything is published"


def test_the_demo_prints_stories_of_its_own_newsroom_until_ctrl_c(ingest: Ingest) -> None:
    demo = ingest.start_anew("demo", "--pace", "0")
    try:
        assert demo.stdout
        lines = list(takewhile(lambda line: not line.startswith(LAST), demo.stdout))
        demo.send_signal(signal.SIGINT)
        _, told = demo.communicate(timeout=10)
    finally:
        demo.kill()
        demo.wait()
    assert demo.returncode == 0, told
    assert "Tide mill grinds its first flour since the great storm\n" in lines
    assert "Traceback" not in told
