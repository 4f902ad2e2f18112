"""A folder of text documents, one a story, as `ingest export --format text` names and writes them.

Rule 1: a document is what its story is now; one that was deleted or withdrawn has none. So whatever comes again does no
        harm.
Rule 2: a story has one document. Where it stands under its name there is no other; where it does not, the one of an
        earlier day goes before it is written. The folder is looked through only for stories that may have one.
"""

import datetime as dt
import os
import sys
from collections.abc import Sequence

from ingest.core.render.text_document import document_name, text_document
from ingest.edge.deliver.folder import Folder, sync_folder, write_whole
from ingest.model import Announcement, FolderTarget, SinkSpec

ENDING = ".txt"
ID_LENGTH = 26
"""Of a story's id, a ULID."""
BEGUN = ".begun"
"""The file that holds the last `seq` that was begun with: what is created beyond it has no document yet."""


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
        stories = {one.change.story_id: one.story for one in announcements}
        names = {story_id: document_name(story) if story else None for story_id, story in stories.items()}
        self._drop({story_id for story_id in self._known(announcements) if not self._stands(names[story_id])})
        for story_id, story in stories.items():
            if (name := names[story_id]) and story:
                if story.withdrawn_at is None:
                    write_whole(self._folder.path / name, text_document(story))
                else:
                    (self._folder.path / name).unlink(missing_ok=True)
        sync_folder(self._folder.path)

    def _known(self, announcements: Sequence[Announcement]) -> set[str]:
        """The stories that may have a document already: all but those that are created here, and for the first time."""
        before, last = self._begun(), announcements[-1].change.seq
        if last > before:
            write_whole(self._folder.path / BEGUN, str(last))
            sync_folder(self._folder.path)
        new = {one.change.story_id for one in announcements if one.change.kind == "created" and one.change.seq > before}
        return {one.change.story_id for one in announcements} - new

    def _begun(self) -> int:
        """The last `seq` that was begun with; of a folder that does not tell it, anything may be known."""
        try:
            return int((self._folder.path / BEGUN).read_bytes())
        except FileNotFoundError:
            return sys.maxsize if any(self._folder.path.glob(f"*{ENDING}")) else 0
        except ValueError:
            return sys.maxsize

    def _stands(self, name: str | None) -> bool:
        return name is not None and (self._folder.path / name).exists()

    def _drop(self, ids: set[str]) -> None:
        """Remove the documents of these stories, by a look at every name in the folder."""
        if not ids:
            return
        with os.scandir(self._folder.path) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(ENDING)]
        for name in names:
            if name.removesuffix(ENDING)[-ID_LENGTH:] in ids:
                (self._folder.path / name).unlink(missing_ok=True)
