"""The commands: parse arguments, call, print.

Results go to stdout, logs and progress to stderr. Exit status: 0 done, 1 the work ran and some of it failed, 2 bad
usage or configuration. What a command needs is imported inside it, so that `ingest --help` answers at once.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.cli import backfill, database, demo, export, feeds, poll, reprocess, service, sinks, stories, tokens
from ingest.errors import ConfigError, IngestError

app = typer.Typer(
    name="ingest",
    help="Polls news feeds, fetches each article, and stores every story once: clean, dated, tagged.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for commands in (service, poll, export, reprocess, demo):
    commands.register(app)
app.add_typer(backfill.app, name="backfill")
app.add_typer(feeds.app, name="feeds")
app.add_typer(stories.app, name="stories")
app.add_typer(sinks.app, name="sinks")
app.add_typer(tokens.app, name="tokens")
app.add_typer(database.app, name="db")


def version(asked: bool) -> None:
    """Print the version and leave."""
    if asked:
        from importlib import metadata

        print(f"ingest {metadata.version('news-ingest')}")  # noqa: T201 - the command line's own voice
        raise typer.Exit


@app.callback()
def root(
    config: Annotated[Path | None, typer.Option(help="Folder of ingest.yaml and feeds.yaml.", metavar="DIR")] = None,
    database_url: Annotated[str | None, typer.Option("--database", help="Database URL.", metavar="URL")] = None,
    _: Annotated[bool, typer.Option("--version", callback=version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Options that stand before the command mean the same as after it."""
    if config is not None:
        os.environ["INGEST_CONFIG"] = str(config)
    if database_url is not None:
        os.environ["INGEST_DATABASE_URL"] = database_url


def main() -> None:
    """Run the command line; every expected error is one line on stderr, never a traceback."""
    try:
        app()
    except ConfigError as error:
        fail(error, 2)
    except IngestError as error:
        fail(error, 1)
    except OSError as error:
        fail(f"{error.filename or 'the system'}: {error.strerror or error}", 1)


def fail(error: object, status: int) -> None:
    """Tell an error in one line and leave."""
    print(f"ingest: {error}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    raise SystemExit(status)
