"""The editorial desk: what waits for whom."""
