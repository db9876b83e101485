"""The form with which anybody says that something on the website is not right."""
