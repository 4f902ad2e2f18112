"""A story as a row of CSV."""

import csv
import io

from ingest.core.render.csv_row import COLUMNS, csv_line, csv_row
from ingest.model import Story


def cells(story: Story) -> dict[str, str]:
    return dict(zip(COLUMNS, csv_row(story), strict=True))


def test_a_row_read_again_is_the_same_row(story: Story) -> None:
    assert next(csv.reader(io.StringIO(csv_line(csv_row(story)), newline=""))) == csv_row(story)


def test_lists_are_joined(story: Story) -> None:
    row = cells(story)
    assert (row["authors"], row["hashtags"], row["feeds"]) == (
        "Ann Sailor; Bo Mast",
        "#Seefähre #Eastport",
        "example; harbours",
    )


def test_what_is_unknown_is_empty(story: Story) -> None:
    assert cells(story)["modified_at"] == ""


def test_a_cell_that_looks_like_a_formula_stays_as_it_is(story: Story) -> None:
    assert cells(story.model_copy(update={"title": "=1+1"}))["title"] == "=1+1"
