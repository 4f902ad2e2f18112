"""`ingest run`, `status` and `explain`."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import DEFAULT_CONFIG, AsJson, Config, Database, complete, load, load_to_ask
from ingest.cli.output import say, show_facts, show_json

if TYPE_CHECKING:
    from ingest.ports import Ports


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(status)
    app.command()(explain)


def run(config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Run the daemon with its web page until SIGTERM or Ctrl-C; SIGHUP reloads the configuration.

    Example: ingest run --config /etc/ingest
    """
    settings = load_to_ask(config, database)
    from ingest import daemon
    from ingest.cli.logs import configure_logs

    configure_logs(settings)

    def ready(_: "Ports", url: str) -> None:
        say(f"Ingest is running: {url} shows it; Ctrl-C stops it.")

    complete(daemon.run(lambda: load_to_ask(config, database), os.environ, ready))


def status(as_json: AsJson = False, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """One screen: feeds by health, what waits, stories an hour, lag, last errors.

    Example: ingest status --json
    """
    settings = load(config, database)
    from ingest.cli.status import facts, print_status, read_status

    seen = complete(read_status(settings))
    if as_json:
        show_json(facts(seen))
    else:
        print_status(seen)


def explain(
    url: Annotated[str, typer.Argument(help="A URL, or the id of a story.")],
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Tell how a URL or a stored story was treated; a URL that is not stored is fetched and read without storing.

    Example: ingest explain https://example.org/news/a
    """
    settings = load(config, database)
    from ingest.cli.explain import explained

    found = complete(explained(settings, url))
    if as_json:
        show_json(found.model_dump(mode="json"))
    else:
        from ingest.core.render.explained import facts

        show_facts(facts(found))
