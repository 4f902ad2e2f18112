"""Reading dictionaries that others made: every value by its type, or it is absent."""

from collections.abc import Mapping

Fields = Mapping[str, object]
"""A JSON object, or a dictionary of feedparser's."""


def string(fields: Fields, key: str) -> str:
    """A text, or the empty one."""
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def inner(fields: Fields, key: str) -> Fields:
    """A dictionary, or an empty one."""
    return _mapping(fields.get(key))


def listed(fields: Fields, key: str) -> list[Fields]:
    """The dictionaries in a list, or none."""
    return [_mapping(value) for value in values(fields, key) if isinstance(value, dict)]


def values(fields: Fields, key: str) -> list[object]:
    """A list of anything, or an empty one."""
    value = fields.get(key)
    return value if isinstance(value, list) else []


def _mapping(value: object) -> Fields:
    """A plain one: feedparser's own lookup answers for one key with the value of another."""
    return dict(value) if isinstance(value, dict) else {}
