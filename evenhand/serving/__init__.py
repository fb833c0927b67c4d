"""One ASGI application on granian: the live stream, static files and health itself, every page through Django."""
