"""Rounds: several people decide one thing, such as a version of a document, step by step.

One person decides: a transition of a lifecycle. Several decide one thing: a round. Who owes what by when: expectations.
What happened: the trail. `routes.py` says what a route is, `approving.py` is the only door to a running round,
`decided.py` is what a lifecycle inherits that is decided in rounds; `flows.py` is the diagram that viewflow walks.
"""
