"""A folder of text documents, one a story, as `ingest export --format text` names and writes them.

A document is what its story is now; one that was deleted or withdrawn has none. So whatever comes again does no harm.
"""

import datetime as dt
import os
from collections.abc import Sequence

from ingest.core.render.text_document import document_name, text_document
from ingest.edge.deliver.folder import Folder, sync_folder, write_whole
from ingest.model import Announcement, FolderTarget, SinkSpec, Story

ENDING = ".txt"
ID_LENGTH = 26
"""Of a story's id, a ULID."""


class Documents:
    """Implements `ports.Sink` over a folder of documents."""

    closes_at: dt.datetime | None = None

    def __init__(self, spec: SinkSpec, target: FolderTarget, store_id: str) -> None:
        self.spec = spec
        self._folder = Folder(target.folder, f"{store_id} {spec.name}")

    async def deliver(self, announcements: Sequence[Announcement], key: str) -> None:
        """Bring the documents of these stories in line with them."""
        await self._folder.run(lambda: self._write(announcements))

    async def close_open(self) -> None:
        """Nothing stands open."""

    async def test(self) -> str:
        """Write something and take it away again."""
        return await self._folder.test()

    async def close(self) -> None:
        """Finish what is being written."""
        await self._folder.close()

    def _write(self, announcements: Sequence[Announcement]) -> None:
        latest = {one.change.story_id: one.story for one in announcements}
        wanted = {story_id: _name(story) for story_id, story in latest.items()}
        for story_id, story in latest.items():
            if story and (name := wanted[story_id]):
                write_whole(self._folder.path / name, text_document(story))
        changed = {one.change.story_id for one in announcements if one.change.kind != "created" or not one.story}
        self._drop_others({story_id: wanted[story_id] for story_id in changed})
        sync_folder(self._folder.path)

    def _drop_others(self, wanted: dict[str, str | None]) -> None:
        """Remove documents of these stories under other names: a story may have another day now, or be gone.

        Only where a story changed, since that takes a look at every name in the folder.
        """
        if not wanted:
            return
        with os.scandir(self._folder.path) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(ENDING)]
        for name in names:
            story_id = name.removesuffix(ENDING)[-ID_LENGTH:]
            if story_id in wanted and name != wanted[story_id]:
                (self._folder.path / name).unlink(missing_ok=True)


def _name(story: Story | None) -> str | None:
    return document_name(story) if story and story.withdrawn_at is None else None
