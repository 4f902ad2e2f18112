"""The sinks of ingest.yaml: what they are, and what is told where one is wrong."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ingest.errors import ConfigError
from ingest.model import ChangeFilter, FolderTarget, NatsTarget, WebhookTarget
from ingest.settings import Settings, load_settings, require_secrets

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
HOOK = "{name: hook, kind: webhook, url: 'https://example.org/hook', secret: '${HOOK_SECRET}'"
Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a list of sinks."""
    (tmp_path / "config").mkdir()

    def load(*sinks: str, environ: Mapping[str, str] | None = None) -> Settings:
        text = "sinks:\n" + "".join(f"  - {sink}\n" for sink in sinks)
        (tmp_path / "config/ingest.yaml").write_text(text, encoding="utf-8")
        return load_settings(tmp_path / "config", environ or {})

    return load


def test_a_webhook_is_read_with_its_filter_and_its_secrets(load: Load) -> None:
    narrowed = ", start: beginning, tags: [rain], languages: [en, pt-BR], feeds: [example], kinds: [created, deleted]}"
    (spec,) = load(HOOK + narrowed, environ={"HOOK_SECRET": SECRET}).sink_specs
    assert (spec.name, spec.kind, spec.start) == ("hook", "webhook", "beginning")
    assert spec.where == ChangeFilter(
        kinds=("created", "deleted"), feeds=("example",), tags=("rain",), languages=("en", "pt-BR")
    )
    assert isinstance(spec.target, WebhookTarget)
    assert [secret.get_secret_value() for secret in spec.target.secrets] == [SECRET]
    assert SECRET not in repr(spec)


def test_a_secret_may_lie_in_a_file_and_a_url_may_hold_one(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET + "\n")
    hook = "{name: hook, kind: webhook, url: 'https://example.org/${KEY}', secret: ['${NEW}', '${OLD}']}"
    settings = load(hook, environ={"NEW_FILE": "secret", "OLD": SECRET, "KEY": "k"})
    require_secrets(settings)
    target = settings.sink_specs[0].target
    assert isinstance(target, WebhookTarget)
    assert (target.url, len(target.secrets)) == ("https://example.org/k", 2)


def test_folders_start_where_other_paths_do_and_a_stream_has_defaults(load: Load, tmp_path: Path) -> None:
    files, stream = load(
        "{name: lines, kind: files, folder: data/lines}", "{name: bus, kind: nats, url: 'nats://127.0.0.1:4222'}"
    ).sink_specs
    assert files.target == FolderTarget(folder=tmp_path / "data/lines")
    assert stream.target == NatsTarget(url="nats://127.0.0.1:4222", prefix="stories")


def test_only_who_delivers_needs_the_secrets(load: Load) -> None:
    settings = load(HOOK + "}", "{name: lines, kind: files, folder: lines}")
    with pytest.raises(ConfigError, match=r"ingest\.yaml:2: sinks\[0\]\.secret: the environment has no variable"):
        require_secrets(settings)
    require_secrets(settings.model_copy(update={"sink_specs": settings.sink_specs[1:]}))


def test_an_empty_secret_is_a_missing_one(load: Load, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    for environ, told in (
        ({"HOOK_SECRET": ""}, "the environment has an empty variable HOOK_SECRET; set it"),
        ({"HOOK_SECRET_FILE": "empty"}, "HOOK_SECRET_FILE: the file empty is empty"),
    ):
        with pytest.raises(ConfigError, match=told):
            require_secrets(load(HOOK + "}", environ=environ))


def test_a_secret_that_is_none_is_told_without_its_value(load: Load) -> None:
    settings = load(HOOK + "}", environ={"HOOK_SECRET": "swordfish"})
    with pytest.raises(ConfigError, match=r"the value of \$\{HOOK_SECRET\} is no base64") as refused:
        require_secrets(settings)
    assert "swordfish" not in str(refused.value)


MISTAKES = [
    (HOOK + ", folder: x}", "2: sinks[0].folder: is no key of a webhook sink, which has url, secret"),
    (HOOK + ", filter: x}", "2: sinks[0].filter: unknown key; "),
    (HOOK + ", kinds: [made]}", "2: sinks[0].kinds[0]: 'made' is none of 'created'"),
    (HOOK + ", start: 7}", "2: sinks[0].start: '7' is none of 'now' or 'beginning'"),
    ("{kind: files, folder: x}", "2: sinks[0]: has no name; add `name: …`"),
    ("{name: a, kind: files}", "2: sinks[0]: is of kind files and has no folder; add `folder: …`"),
    ("{name: a b, kind: files, folder: x}", "2: sinks[0].name: 'a b' is no name of letters, digits, - and _"),
    ("{name: a, kind: webhook, url: 'https://a.example'}", "2: sinks[0]: is of kind webhook and has no secret; put"),
    (
        "{name: a, kind: mail, folder: x}",
        "2: sinks[0].kind: 'mail' is none of 'webhook', 'nats'",
    ),
    (HOOK.replace("${HOOK_SECRET}", SECRET) + "}", "2: sinks[0].secret: is no '${NAME}', where the environment"),
    (HOOK.replace("https", "ftp") + "}", "2: sinks[0].url: is no address with http:// or https:// at its beginning"),
    (HOOK.replace("//", "//ada:pw@") + "}", "2: sinks[0].url: is no address with http:// or https:// at its beginning"),
    ("{name: a, kind: nats, url: 'http://a.example'}", "2: sinks[0].url: is no address with nats:// or tls://"),
    ("{name: a, kind: nats, url: 'nats://a', prefix: 'a.*'}", "2: sinks[0].prefix: 'a.*' is no subject"),
]


@pytest.mark.parametrize(("sink", "told"), MISTAKES)
def test_a_mistake_is_told_with_its_place(load: Load, sink: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(sink)
    assert f"ingest.yaml:{told}" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_no_two_sinks_share_a_name_or_a_folder(load: Load) -> None:
    sink = "{name: %s, kind: files, folder: %s}"
    with pytest.raises(ConfigError, match=r"'a' is listed twice; the first is at .*:2: sinks\[0\]\.name"):
        load(sink % ("a", "x"), sink % ("a", "y"))
    with pytest.raises(ConfigError, match=r"'x' is listed twice; the first is at .*:2: sinks\[0\]\.folder"):
        load(sink % ("a", "x"), sink % ("b", "x"))
    with pytest.raises(ConfigError, match=r"'\./x/' is listed twice; the first is at .*:2: sinks\[0\]\.folder"):
        load(sink % ("a", "x"), sink % ("b", "./x/"))
