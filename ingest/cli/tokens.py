"""`ingest tokens`: who may use the HTTP API."""

import datetime as dt
import secrets
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import DEFAULT_CONFIG, AsJson, Config, Database, complete, load
from ingest.cli.output import say, show_json, show_table, told
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.model import Token
    from ingest.settings import Settings

app = typer.Typer(help="Tokens for the HTTP API.", no_args_is_help=True, rich_markup_mode=None)

LONGEST_NAME = 60
RANDOM_BYTES = 32
"""256 bits, so that no guessing comes near one."""

Name = Annotated[str, typer.Argument(metavar="NAME", help="Tells who has the token.")]


class Scope(StrEnum):
    """What a token allows."""

    read = "read"
    write = "write"


@app.command()
def add(
    name: Name,
    scope: Annotated[Scope, typer.Option(help="read, or write, which includes reading.")] = Scope.read,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Make a token and print it, this once: only its digest is kept.

    Example: ingest tokens add dashboard --scope read
    """
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ConfigError(f"{name!r} is no name of a token; write up to {LONGEST_NAME} characters on one line")
    from ingest.core.access import PREFIX

    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    complete(_add(load(config, database), name.strip(), token, scope))
    told(
        f"The token {name.strip()} may {scope.value}. It is shown this once; send it as `Authorization: Bearer TOKEN`."
    )
    say(token)


@app.command("list")
def list_tokens(as_json: AsJson = False, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """All tokens, with what they allow and when they were last used.

    Example: ingest tokens list
    """
    tokens = complete(_list(load(config, database)))
    if as_json:
        show_json([one.model_dump(mode="json") for one in tokens])
    else:
        rows = [(one.name, one.scope, one.made_at, one.used_on or "never") for one in tokens]
        show_table(("name", "scope", "made", "last used"), rows, cut=("name",))


@app.command()
def revoke(name: Name, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Take a token back; the next request with it is refused.

    Example: ingest tokens revoke dashboard
    """
    if not complete(_revoke(load(config, database), name)):
        raise ConfigError(f"there is no token {name!r}; `ingest tokens list` shows those there are")
    say(f"The token {name} is revoked.")


async def _add(settings: "Settings", name: str, token: str, scope: Scope) -> None:
    from ingest.app import open_store
    from ingest.core.access import token_digest

    async with open_store(settings, make=True) as store:
        await store.tokens.add(name, token_digest(token), scope.value, dt.datetime.now(dt.UTC))


async def _list(settings: "Settings") -> "list[Token]":
    from ingest.app import open_store

    async with open_store(settings) as store:
        return await store.tokens.list()


async def _revoke(settings: "Settings", name: str) -> bool:
    from ingest.app import open_store

    async with open_store(settings) as store:
        return await store.tokens.revoke(name)
