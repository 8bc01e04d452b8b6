"""The pages in a real browser: a package, so that the browser ends with the last test in it."""
