"""The embedded PostgreSQL: one server for each checkout and purpose, without TCP, ending with whoever started it."""
