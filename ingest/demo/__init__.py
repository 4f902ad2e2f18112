"""A small newsroom of our own writing on loopback, for a first look at Ingest without internet.

    articles/*.txt ─ manuscripts ─► queue ─ newsroom (what is out by now) ─► Paper ─ site ─► pages and feeds over HTTP

Everything in it is invented. `newsroom` holds the only clock and the only sockets; the rest is pure.
"""
