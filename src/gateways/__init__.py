"""The world outside: what Nguồn asks of systems that are not its own."""
