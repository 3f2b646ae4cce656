"""The embedded PostgreSQL: one server per checkout and purpose, no TCP, ending with the process that started it."""
