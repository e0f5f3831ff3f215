"""The handlers of the API's operations, one module for each chapter of the docs: from a call to an answer."""
