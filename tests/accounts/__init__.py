"""Changes of accounts: what one person tries alone, and what two decide."""
