"""The pages of follow-up, one module per page or family of pages."""
