"""The network: who does what to whom, drawn from claims that can be opened."""
