"""Ways back to what feeds no longer list, one module an archive; all that they ask goes through `Search.ask`."""
