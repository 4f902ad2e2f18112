"""A story as JSON."""

from ingest.core.render.story_json import story_dict, story_line
from ingest.model import Story


def test_the_fields_of_the_contract_come_first_in_its_order(story: Story) -> None:
    assert " ".join(story_dict(story)) == (
        "id seq url title text summary authors site language published_at published_date modified_at first_seen_at "
        "image hashtags version cluster duplicate_of sightings via kind section free withdrawn_at"
    )


def test_times_are_utc_in_whole_seconds(story: Story) -> None:
    written = story_dict(story)
    assert (written["published_at"], written["first_seen_at"]) == ("2024-01-19T23:30:00Z", "2024-01-19T23:34:10Z")


def test_the_day_is_the_publishers_own(story: Story) -> None:
    assert story_dict(story)["published_date"] == "2024-01-20"


def test_what_is_unknown_is_null(story: Story) -> None:
    unknown = (
        "url",
        "language",
        "published_at",
        "published_date",
        "modified_at",
        "image",
        "duplicate_of",
        "withdrawn_at",
    )
    written = story_dict(story.model_copy(update={**dict.fromkeys(unknown), "site": ""}))
    assert [written[field] for field in (*unknown, "site")] == [None] * 9


def test_a_line_has_no_line_break_within(story: Story) -> None:
    assert "\n" not in story_line(story)
