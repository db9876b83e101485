"""The public pages; one subject per module."""
