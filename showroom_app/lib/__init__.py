"""Floor 0: pure Python that knows neither Flask nor the database."""
