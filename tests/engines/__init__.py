"""Tests with the engines of others, started as processes on loopback."""
