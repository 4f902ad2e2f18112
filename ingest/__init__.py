"""Ingest: every story once, clean, dated, tagged, soon, and never lost."""
