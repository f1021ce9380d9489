"""Template tags of the publication."""
