"""Extensions of uploads and updates: their requests are checked, charged and carried out."""
