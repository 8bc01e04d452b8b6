"""The network: what is drawn of claims and answers, and where."""
