"""Fields of models and of forms, and the widget that uploads from the browser."""
