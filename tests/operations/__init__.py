"""Health, safe settings, back-ups, and what runs it all."""
