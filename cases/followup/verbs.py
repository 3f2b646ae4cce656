"""Everything one may do to a recommendation that is not a change of state; each verb checks its right and leaves a trail."""
