"""Following by mail: asking, confirming, stopping, and the mails themselves."""
