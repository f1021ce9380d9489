"""Pictures as bytes: what is taken in, what becomes public, how it is encoded. No database."""
