"""How somebody becomes a subscriber: forms, robots kept out, consent, confirmation."""
