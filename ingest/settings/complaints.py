"""What pydantic finds wrong, in words that say what would be right."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ingest.settings.written import Problem, Written

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], written: Written) -> M:
    """What was written, as a model.

    Raises:
        ConfigError: with a line for each thing that is wrong.
    """
    empty = {key for key in model.model_fields if written.data.get(key) is None}  # all keys below commented out
    present = {key: value for key, value in written.data.items() if key not in empty}
    try:
        return model.model_validate(present)
    except ValidationError as error:
        raise written.refused(_problems(model, error)) from error


def meant(word: str, known: list[str]) -> str:
    """A hint at the known word that is most like one that is not known."""
    near = get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"


def _problems(model: type[BaseModel], error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        *section, key = detail["loc"] or ("",)
        if detail["type"] == "extra_forbidden":
            yield detail["loc"], f"unknown key; {meant(str(key), _keys(model, section))}"
        elif detail["type"] == "missing":
            yield detail["loc"], f"has no {key}; add `{key}: …`"
        else:
            yield detail["loc"], in_words(detail)


def _keys(model: type[BaseModel], section: list[str | int]) -> list[str]:
    for name in section:
        if isinstance(name, str) and name in model.model_fields:  # else it is a key that people choose
            annotation = model.model_fields[name].annotation
            groups = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type)]
            model = next(kind for kind in groups if issubclass(kind, BaseModel))
    return list(model.model_fields)


def in_words(detail: ErrorDetails) -> str:
    """What is wrong with one value, and what would be right."""
    written = repr(detail["input"]) if isinstance(detail["input"], str) else "what is written"
    match detail["type"]:
        case "value_error":
            return str(detail["ctx"]["error"])
        case "literal_error":
            return f"{written} is none of {detail['ctx']['expected']}"
        case "tuple_type":
            return f"{written} is no list; write it with a dash before each value, or in [ ]"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{written} is no group of keys; write them below it, indented"
        case _:
            return f"{written}: {detail['msg']}"
