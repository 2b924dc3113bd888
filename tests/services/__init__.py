"""The real servers that tests run on: fetched from Debian, started privately, stopped with them."""
