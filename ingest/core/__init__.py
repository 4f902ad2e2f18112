"""The pure core: no network, disk, clock or randomness. It runs in the process pool and in tests as it is."""
