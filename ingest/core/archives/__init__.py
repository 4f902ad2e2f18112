"""Decisions of a walk along an archive: what is an article, what lies in the range, when the walk turns in a circle."""
