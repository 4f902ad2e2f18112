"""`python -m ingest` is `ingest`."""

from ingest.cli import main

if __name__ == "__main__":  # the pool's workers import this module too, under another name
    main()
