"""Asking: named queries with typed parameters, ways to show an answer, and `find`."""
