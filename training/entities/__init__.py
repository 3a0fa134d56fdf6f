"""Training and measuring of entity models."""
