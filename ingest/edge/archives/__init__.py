"""Archives: ways back to entries that a feed no longer lists. One module each."""
