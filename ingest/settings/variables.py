"""What feeds need of the environment: `${NAME}` in what they are asked with, looked for and left as it is.

Rule: a variable that is not set is a mistake only for whoever asks a feed that names it; who reads needs no secrets.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from ingest.errors import ConfigError
from ingest.model import FeedSpec
from ingest.settings.shape import FeedsFile, Settings, Unset
from ingest.settings.written import Loc, Written

VARIABLE = re.compile(r"\$\{(\w+)\}")


def unset_variables(
    file: FeedsFile, specs: Sequence[FeedSpec], written: Written, environ: Mapping[str, str]
) -> Iterator[Unset]:
    """What the environment lacks, for each feed that needs it; `specs` are the feeds of the file, in its order."""
    for index, (line, spec) in enumerate(zip(file.feeds, specs, strict=True)):
        for loc, text in _texts(spec):
            stated: Loc = ("feeds", index) if loc[0] in line.model_fields_set else ("defaults",)
            for name in VARIABLE.findall(text):
                if name not in environ:
                    problem = f"{written.place((*stated, *loc))}: the environment has no variable {name}; set it"
                    yield Unset(feed=spec.name, enabled=spec.enabled, problem=problem)


def require_variables(settings: Settings, feeds: Collection[str] | None = None) -> None:
    """Make sure that nothing is missing to ask these feeds, given by name; None: all that the file enables.

    Raises:
        ConfigError: with a line for each variable that is not set.
    """
    wanted = (one for one in settings.unset if (one.enabled if feeds is None else one.feed in feeds))
    if problems := dict.fromkeys(one.problem for one in wanted):
        raise ConfigError("\n".join(problems))


def _texts(spec: FeedSpec) -> Iterator[tuple[Loc, str]]:
    """All that may name a variable."""
    for key in ("headers", "cookies"):
        yield from (((key, name), content) for name, content in getattr(spec, key).items())
    for key in ("basic_auth", "bearer_token", "proxy"):
        yield (key,), getattr(spec, key)
