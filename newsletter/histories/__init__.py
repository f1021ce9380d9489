"""What happened to subscribers: one by one, why she got an edition, how the list grows."""
