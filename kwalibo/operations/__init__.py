"""What keeps the site running: health, safe settings, back-ups."""
