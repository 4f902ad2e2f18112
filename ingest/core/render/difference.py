"""What a version of a story changed, paragraph by paragraph, as a unified difference.

A line begins with `+` (new), `-` (gone) or a blank (as it was); one paragraph around each change is shown, and `…` for
those left out. The title counts as the first paragraph.
"""

from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from ingest.model import Version

AROUND = 1
"""Unchanged paragraphs shown before and after a change."""

Sign = Literal["+", "-", " ", "…"]


class Line(NamedTuple):
    """A paragraph of a difference; of what is left out, an empty one."""

    sign: Sign
    paragraph: str


def difference(before: Version, after: Version) -> list[Line]:
    """The changes from one version to the next; none where title and text are the same."""
    old, new = ([version.title, *version.text.split("\n\n")] for version in (before, after))
    lines: list[Line] = []
    reached = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if group[0][1] > reached:
            lines.append(Line("…", ""))
        for kind, begin, end, new_begin, new_end in group:
            lines += [Line(" " if kind == "equal" else "-", paragraph) for paragraph in old[begin:end]]
            lines += [Line("+", paragraph) for paragraph in new[new_begin:new_end] if kind != "equal"]
        reached = group[-1][2]
    return [*lines, Line("…", "")] if lines and reached < len(old) else lines


def diff_text(before: Version, after: Version) -> list[str]:
    """The same as lines of text."""
    return [f"{line.sign} {line.paragraph}".rstrip() for line in difference(before, after)]
