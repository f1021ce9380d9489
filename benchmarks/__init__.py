"""Programs that the speed claims rest on; each prints a ratio against a named reference."""
