"""Tests of the dataset: what is compiled, checked, asked."""
