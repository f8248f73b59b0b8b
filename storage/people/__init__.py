"""Who uses the service: accounts, what they may do, how they sign in."""
