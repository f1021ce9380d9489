"""Editions: when they are due, what they hold, who gets them, and how they read."""
