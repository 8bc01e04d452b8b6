"""The dataset room, the only one that knows RDF: ontology, compiling, checks, store."""
