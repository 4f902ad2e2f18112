"""Search: what is asked for (`query`), what is gone through (`tokens`), what is shown of it (`snippet`)."""
