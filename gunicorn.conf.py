"""How gunicorn serves Lightbox: `gunicorn -c gunicorn.conf.py app:app`, or `python app.py serve`."""

from gateway.factory import parts_of
from gateway.settings import Settings

_settings = Settings.load()

wsgi_app = "app:app"
bind = _settings.bind
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
preload_app = True  # the workers share the app's memory
timeout = 60
graceful_timeout = 30
keepalive = 15
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8190  # a list of a thousand frames fits
limit_request_fields = 64
limit_request_field_size = 8190
accesslog = None  # nginx writes the access log, without queries
errorlog = "-"
loglevel = "warning"
certfile = _settings.tls_cert
keyfile = _settings.tls_key


def post_worker_init(worker) -> None:  # noqa: ANN001 - gunicorn's own hook
    """Threads begin in the worker: none survives the fork."""
    parts_of(worker.app.callable).start()


def worker_exit(server, worker) -> None:  # noqa: ANN001, ARG001 - gunicorn's own hook
    """Lets go of the keeper's lock and the sandbox's lease."""
    if worker.app.callable is not None:
        parts_of(worker.app.callable).stop()
