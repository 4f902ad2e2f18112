"""Logs are events with fields on stderr: for people on a terminal, JSON lines otherwise.

Tracebacks show no values of variables, as they would by default: those may be passwords, tokens and secrets.
"""

import logging
import sys

import structlog

from ingest.settings import Settings


def configure_logs(settings: Settings, level: str | None = None) -> None:
    """Set up logging for this process.

    Args:
        level: the least level shown; default: the settings'.
    """
    least = logging.getLevelNamesMapping()[(level or settings.log.level).upper()]
    console = settings.log.format == "console" or (settings.log.format == "auto" and sys.stderr.isatty())
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if console
        else structlog.processors.JSONRenderer()
    )
    tracebacks = structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    errors: list[structlog.typing.Processor] = [] if console else [tracebacks]
    structlog.configure(
        processors=[*shared, *errors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # What libraries say goes the same way; a skipped tick is no news, since a tick goes on until nothing is due.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *errors, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
