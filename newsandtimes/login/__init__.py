"""How editors log in: the brake on guessing, second factors, where one is logged in."""
