"""The edge: I/O, one package a technology. None imports another, but for `net`."""
