"""What the pages of every kind of case share: inbox, list, page, acts, verbs, comments, documents, history."""
