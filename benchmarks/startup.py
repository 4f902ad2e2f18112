"""How long the command line takes to answer, as a ratio to the bare interpreter in the same run.

python -m benchmarks.startup
"""

import statistics
import subprocess
import sys
import time

RUNS = 15


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    """Print the medians and their ratio."""
    bare, ours = [sys.executable, "-c", "pass"], [sys.executable, "-m", "ingest", "--help"]
    pairs = [(seconds(bare), seconds(ours)) for _ in range(RUNS)]
    python, ingest = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = f"ratio {ingest / python:.1f}"
    print(f"startup: ingest --help {ingest * 1000:.0f} ms, python -c pass {python * 1000:.0f} ms, {ratio}")


if __name__ == "__main__":
    main()
