"""The pages of the registry: fetch through the door, call one verb, say what happened, redirect."""
