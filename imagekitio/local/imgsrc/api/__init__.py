"""The handlers of the API: from a call to an answer."""
