"""The application for a server: `flask --app wsgi …`, or showroom_app/server.py."""

from showroom_app import create_app

app = create_app()
