"""What logs must not hold."""

import logging
from pathlib import Path

import pytest
import structlog

from ingest.cli.logs import configure_logs
from ingest.settings import LogSettings, Settings


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
