"""`python -m ccgkg`."""

from ccgkg.cli import main

main()
