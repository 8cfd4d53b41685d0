"""WSGI `app` for gunicorn, and `python app.py COMMAND` for people."""
