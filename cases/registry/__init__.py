"""Organisations, people, their memberships, and legal acts."""
