"""Tests of `ccgkg serve` from without: they speak HTTP to a process, and import nothing of it."""
