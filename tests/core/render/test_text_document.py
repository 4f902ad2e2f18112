"""A story as a text document."""

import datetime as dt

from ingest.core.render.text_document import document_name, text_document
from ingest.model import Hashtag, Story


def first_line(story: Story) -> str:
    return text_document(story).split("\n")[0]


def test_the_first_line_holds_the_day_and_the_headline(story: Story) -> None:
    changes = {
        "title": "Pakistan and Iran cool tension with fraternal messages after bombings",
        "published_date": dt.date(2024, 1, 19),
    }
    expected = " date 2024-01-19 #Pakistan #Iran #cool #tension #fraternal #messages #bombings"
    assert first_line(story.model_copy(update=changes)) == expected


def test_without_a_day_the_line_goes_on_with_the_hashtags(story: Story) -> None:
    assert first_line(story.model_copy(update={"published_date": None})).startswith(" date #Eastport")


def test_without_hashtags_the_line_ends_with_the_day(story: Story) -> None:
    assert first_line(story.model_copy(update={"title": "Then and there"})) == " date 2024-01-20"


def test_only_the_headline_makes_the_hashtags_of_the_line(story: Story) -> None:
    declared = (Hashtag(tag="Peace", source="declared"),)
    assert "#Peace" not in first_line(story.model_copy(update={"hashtags": declared}))


def test_the_text_follows_after_an_empty_line_and_ends_without_a_newline(story: Story) -> None:
    assert text_document(story).split("\n", 2)[1:] == ["", story.text]


def test_the_file_is_named_by_day_and_id(story: Story) -> None:
    assert document_name(story) == "2024-01-20-01J0000000000000000000000A.txt"


def test_the_file_of_a_story_of_unknown_day_is_named_undated(story: Story) -> None:
    assert document_name(story.model_copy(update={"published_date": None})) == "undated-01J0000000000000000000000A.txt"
