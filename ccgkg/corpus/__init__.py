"""The corpus room: sources, registers, claims and anchors as plain Python, without RDF."""
