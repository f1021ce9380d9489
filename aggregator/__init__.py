"""What the world publishes: outside feeds, their headlines and our picks."""
