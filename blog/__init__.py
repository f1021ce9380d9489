"""The ground floor: the publication itself."""
