"""Template tags of the aggregator."""
