"""Citing: a claim told to a person, with its passage and its source."""
