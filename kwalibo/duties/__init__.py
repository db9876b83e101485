"""What the law and good manners ask of a public website: who we are, what we keep, for whom."""
