"""WSGI `app` for gunicorn, and `python app.py COMMAND` for people."""

if __name__ == "__main__":
    from gateway.cli import main

    main()
else:
    from gateway.factory import create_app
    from gateway.settings import Settings

    app = create_app(Settings.load())
