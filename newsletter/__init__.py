"""What subscribers receive by e-mail."""
