"""Settings in the environment: `INGEST_<SECTION>__<KEY>`, and `…_FILE` for a secret that lies in a file.

Lists are written with commas, or in [ ]. Variables of our prefix without `__` are not ours to judge: container
platforms make some from a service's name (`INGEST_PORT`, `INGEST_SERVICE_HOST`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_origin

from pydantic import BaseModel

from ingest.errors import ConfigError
from ingest.settings.complaints import meant
from ingest.settings.shape import SettingsFile
from ingest.settings.written import Loc, Written

PREFIX = "INGEST_"
FILE = "_FILE"
SECRETS: frozenset[Loc] = frozenset({("web", "token")})
"""Settings that no file of the configuration may hold."""


def with_environment(written: Written, environ: Mapping[str, str], root: Path) -> Written:
    """Settings as the environment overrides them; a relative `…_FILE` starts at `root`.

    Raises:
        ConfigError: a variable names no setting, a secret's file cannot be read, or a secret stands in the YAML.
    """
    variables = dict(_variables())
    problems = [*_misplaced(written), *_unknown(environ, list(variables))]
    if problems:
        raise ConfigError("\n".join(problems))
    return written.overridden(
        (variables[name], _value(variables[name], name, text, root), name)
        for name, text in sorted(environ.items())
        if name in variables
    )


def _variables() -> Iterator[tuple[str, Loc]]:
    for section, field in SettingsFile.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, BaseModel):
            yield from ((f"{PREFIX}{section}__{key}".upper(), (section, key)) for key in group.model_fields)
        else:
            yield f"{PREFIX}{section}".upper(), (section,)
    yield from ((_variable(secret) + FILE, secret) for secret in SECRETS)


def _variable(loc: Loc) -> str:
    return f"{PREFIX}{'__'.join(map(str, loc))}".upper()


def _misplaced(written: Written) -> Iterator[str]:
    for secret in sorted(SECRETS & written.places.keys()):
        name = _variable(secret)
        yield f"{written.place(secret)}: a secret is not written here; set {name}, or {name}{FILE} to a file's path"


def _unknown(environ: Mapping[str, str], known: list[str]) -> Iterator[str]:
    for name in sorted(environ):
        if name.startswith(PREFIX) and "__" in name and name not in known:
            yield f"{name}: no setting has this name; {meant(name, known)}"
        if name in known and name + FILE in environ.keys() & known:
            yield f"{name}: {name}{FILE} is set too; unset one of them"


def _value(loc: Loc, name: str, text: str, root: Path) -> object:
    if name.endswith(FILE):
        return _file_text(name, root / text)
    if _is_list(loc):
        parts = (part.strip(" \"'") for part in text.strip().removeprefix("[").removesuffix("]").split(","))
        return [part for part in parts if part]
    return text


def _is_list(loc: Loc) -> bool:
    section, *keys = map(str, loc)
    field = SettingsFile.model_fields[section]
    group = field.annotation
    if keys and isinstance(group, type) and issubclass(group, BaseModel):
        field = group.model_fields[keys[0]]
    return get_origin(field.annotation) is tuple


def _file_text(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not in UTF-8"
        raise ConfigError(f"{name}: the file {path} cannot be read: {reason}") from error
