"""All benchmarks that need nothing but this repository, one after the other."""

from benchmarks import startup, whole

startup.main()
whole.main([])
