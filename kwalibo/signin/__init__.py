"""Logging in: a password with a code, or the single sign-on of the ministry; and the log of it."""
