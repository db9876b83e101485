"""The pages of the contact person of a party: what it leads, and what it says of it."""
