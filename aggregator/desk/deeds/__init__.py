"""What each kind of decision does, by families: how it is done, and how it is taken back."""
