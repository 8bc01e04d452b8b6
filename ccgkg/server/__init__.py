"""Serving: a SPARQL endpoint, a query page and the pages of a site, over HTTP.

The server process never evaluates a query: workers do, which are killed when they take too
long or too much. What users send is checked before it reaches one.
"""
