"""The site: every page that a browser shows, as static files without a single request."""
