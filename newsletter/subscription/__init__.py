"""A subscriber's own page and all that she can do there, without a password."""
