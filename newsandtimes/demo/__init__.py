"""A sample publication: posts, pictures and outside feeds that show the product at work."""
