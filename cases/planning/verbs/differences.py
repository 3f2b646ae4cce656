"""What the trail keeps of a part of a case, such as a planned monitoring or a line: each column before and after."""

from collections.abc import Mapping


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """Column -> {"": [old, new]}, of those that changed; what was or becomes empty counts as an empty text."""
    pairs = {name: (before.get(name) or "", after.get(name) or "") for name in {**before, **after}}
    return {name: {"": [old, new]} for name, (old, new) in pairs.items() if old != new}
