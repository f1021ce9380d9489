"""What comes back: read, told apart, recorded, and acted on by newsletter.suppression."""
