"""Organisations, people, memberships and legal acts."""
