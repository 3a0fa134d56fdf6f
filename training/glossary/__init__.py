"""Building and measuring of the glossary."""
