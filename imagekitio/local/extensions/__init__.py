"""Extensions of uploads and updates: the check of their requests, their charges and their work."""
