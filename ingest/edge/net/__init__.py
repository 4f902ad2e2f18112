"""The ground of all HTTP: which addresses may be connected to, and the session that keeps to it."""
