"""Management commands of the publication."""
