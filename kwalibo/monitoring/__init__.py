"""Seeing the site run: logs, metrics, slow queries, mails about faults, and who did what."""
