"""Papers to sign, as Word documents in Kyrgyz and Russian: their texts, how templates are made of them and filled."""
