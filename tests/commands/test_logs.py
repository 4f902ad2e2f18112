"""What logs must not hold."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from ingest.cli.logs import configure_logs
from ingest.settings import LogSettings, Settings


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is set up for the whole process: it is put back."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_values_of_variables(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(Settings(folder=tmp_path, log=LogSettings.model_validate({"format": form})))
    password = f"open {tmp_path.name}"
    try:
        raise RuntimeError("a defect")
    except RuntimeError:
        structlog.get_logger().exception("tick.defect")
        logging.getLogger("library").exception("library.defect")
    told = capsys.readouterr().err
    assert told.count("a defect") >= 2
    assert password not in told
