"""Where exports are written: streams, folders of files, Parquet. Each target is opened for a while and gives a `Write`.

Rule 1: a file is written beside its place and renamed when it is whole, so that no half file is ever taken for one.
Rule 2: what is broken off leaves nothing of a file; of a folder of documents it leaves whole ones.
"""

from ingest.edge.export.files import Write, folder, stream, whole_file

__all__ = ["Write", "folder", "stream", "whole_file"]
