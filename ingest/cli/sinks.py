"""`ingest sinks`: where changes are delivered to, and how far each sink is."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ingest.cli.options import DEFAULT_CONFIG, AsJson, Config, Database, complete, load
from ingest.cli.output import Cell, say, show_json, show_table
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.model import DeadLetter, SinkSpec, SinkState
    from ingest.ports import Clock, Store
    from ingest.settings import Settings

app = typer.Typer(help="Where changes are delivered to.", no_args_is_help=True, rich_markup_mode=None)

Result = TypeVar("Result")
Name = Annotated[str, typer.Argument(metavar="NAME", help="A sink of ingest.yaml.")]
LOOKED_AT = 100
"""Changes at once, where the next one that a sink wants is looked for."""
SHOWN = 20
"""Dead letters of each sink."""


@app.command("list")
def list_sinks(as_json: AsJson = False, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """All sinks: how far each is, what it waits for, and what it would not take.

    Example: ingest sinks list --json
    """
    settings = load(config, database)
    sinks = _with_store(settings, lambda store, _: _facts(settings, store))
    if as_json:
        show_json(sinks)
        return
    columns = ("name", "kind", "state", "position", "behind", "delivered", "dead", "next_try", "error")
    show_table(columns, [[_cell(sink[column]) for column in columns] for sink in sinks], cut=("error",))
    for sink in sinks:
        letters = sink["dead_letters"]
        assert isinstance(letters, list)
        for one in letters:
            say(f"{sink['name']} would not take {one['seq']} ({one['kind']} {one['story_id']}): {one['why']}")


@app.command("test")
def try_out(name: Name, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """See whether a sink would take something; no change is delivered.

    Example: ingest sinks test hook
    """
    settings = load(config, database)
    spec = _spec(settings, name)

    async def work(store: "Store", clock: "Clock") -> str:
        from ingest.app import open_sinks

        (sink,) = await open_sinks(settings.model_copy(update={"sink_specs": (spec,)}), store, clock)
        try:
            return await sink.test()
        finally:
            await sink.close()

    say(f"{name}: {_with_store(settings, work)}.")


@app.command()
def replay(
    name: Name,
    since: Annotated[int, typer.Option("--from", metavar="SEQ", min=0, max=2**31 - 1, help="The first change.")],
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Deliver again, from a change on; a sink that was stopped goes on.

    Example: ingest sinks replay hook --from 1200
    """
    state = _move(load(config, database), name, lambda _: max(since - 1, 0))
    say(f"{name}: goes on behind {state.position}.")


@app.command()
def skip(
    name: Name,
    to: Annotated[
        int | None,
        typer.Option("--to", metavar="SEQ", min=0, max=2**31 - 1, help="Up to this change; default: one change."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Leave out the next change that a sink wants, or all up to one; a sink that was stopped goes on.

    Example: ingest sinks skip hook --to 1300
    """
    settings = load(config, database)

    def target(state: "SinkState") -> int | None:
        if to is not None and to < state.position:
            raise ConfigError(f"sink {name} is at {state.position} already; `ingest sinks replay` goes back")
        return to

    state = _move(settings, name, target)
    say(f"{name}: goes on behind {state.position}.")


def _move(settings: "Settings", name: str, target: "Callable[[SinkState], int | None]") -> "SinkState":
    """Put a sink behind a `seq`; where none is given, behind the next change that it wants."""
    spec = _spec(settings, name)

    async def work(store: "Store", clock: "Clock") -> "SinkState":
        await store.deliveries.sync([spec], clock.now())
        state = next(one for one in await store.deliveries.list() if one.name == name)
        position = target(state)
        if position is None:
            position = await _next_wanted(store, spec, state)
        return await store.deliveries.move(name, position, clock.now())

    return _with_store(settings, work)


async def _next_wanted(store: "Store", spec: "SinkSpec", state: "SinkState") -> int:
    position = state.position
    while True:
        some = await store.changes.after(position, spec.where, LOOKED_AT, state.forgone)
        if some.announcements:
            return some.announcements[0].change.seq
        if some.is_end:
            raise ConfigError(f"sink {spec.name}: nothing lies before it that it wants")
        position = some.position


def _spec(settings: "Settings", name: str) -> "SinkSpec":
    for spec in settings.sink_specs:
        if spec.name == name:
            return spec
    known = ", ".join(spec.name for spec in settings.sink_specs) or "none"
    raise ConfigError(f"there is no sink {name!r} in ingest.yaml; there is {known}")


def _with_store(settings: "Settings", work: "Callable[[Store, Clock], Awaitable[Result]]") -> Result:
    async def session() -> Result:
        from ingest.app import open_store
        from ingest.edge.clock import SystemClock

        async with open_store(settings) as store:
            return await work(store, SystemClock())

    return complete(session())


async def _facts(settings: "Settings", store: "Store") -> list[dict[str, object]]:
    states = {state.name: state for state in await store.deliveries.list()}
    last, dead = await store.changes.last(), await store.deliveries.count_letters()
    kinds = {spec.name: spec.kind for spec in settings.sink_specs}
    return [
        {
            "name": name,
            "kind": kinds[name] if name in kinds else states[name].kind,
            "state": _word(states.get(name), name in kinds),
            **_place(states.get(name), last),
            "dead": dead.get(name, 0),
            "dead_letters": [_letter(one) for one in await store.deliveries.letters(name, SHOWN)],
        }
        for name in sorted(states.keys() | kinds.keys())
    ]


def _word(state: "SinkState | None", is_listed: bool) -> str:
    if not is_listed:
        return "not listed"
    if state is None:
        return "not begun"
    if state.stopped:
        return "stopped"
    return "failing" if state.error else "ok"


def _place(state: "SinkState | None", last: int) -> dict[str, object]:
    if state is None:
        return dict.fromkeys(("position", "behind", "delivered", "delivered_at", "next_try", "error"))
    return {
        "position": state.position,
        "behind": last - state.position,
        "delivered": state.delivered,
        "delivered_at": state.delivered_at,
        "next_try": state.due_at if state.error and not state.stopped else None,
        "error": state.error,
    }


def _letter(letter: "DeadLetter") -> dict[str, object]:
    return letter.model_dump(mode="json", exclude={"sink"})


def _cell(value: object) -> Cell:
    return value if isinstance(value, str | int | dt.datetime) else None
