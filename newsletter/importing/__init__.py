"""Subscribers out of a CSV file, with the evidence of their consent."""
