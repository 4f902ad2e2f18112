"""Loads what the first page that a process reads would load, for half a second; imported where workers are forked."""

from ingest.core.language import detect

assert detect("The ferry goes to the island each morning, and comes back with the children of the school. " * 3) == "en"
