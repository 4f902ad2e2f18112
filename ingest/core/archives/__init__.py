"""Decisions of a walk along an archive: what of a page lies in the range, and when the walk turns in a circle."""
