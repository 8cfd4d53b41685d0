"""Clients with keep-alive connections: one that takes the time of each answer, and eight that ask at once."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

CLIENTS = 8
SECONDS_A_ROUND = 6


class Refused(Exception):
    """The service answered with something else than a picture."""


@dataclass
class Service:
    """A service by its name and port, with what each request carries."""

    name: str
    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def client(self) -> Client:
        """A client with a connection of its own."""
        return Client(self)


class Client:
    """One keep-alive connection to a service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.name = service.name
        self._connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)

    def get(self, target: str) -> tuple[float, bytes]:
        """Milliseconds until the whole picture was there, and the picture; raises Refused for anything else."""
        started = time.perf_counter()
        try:
            answer = self._ask(target)
        except (http.client.BadStatusLine, BrokenPipeError, ConnectionResetError):
            # The connection stood idle for longer than the service keeps it.
            self._connection.close()
            started = time.perf_counter()
            answer = self._ask(target)
        body = answer.read()
        taken = (time.perf_counter() - started) * 1000
        media_type = answer.headers.get_content_type()
        if answer.status != 200 or media_type != "image/jpeg":
            raise Refused(f"{self._service.name}: {answer.status} {media_type} {body[:200].decode(errors='replace')}")
        return taken, body

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _ask(self, target: str) -> http.client.HTTPResponse:
        self._connection.request("GET", target, headers={"Accept": "image/jpeg", **self._service.headers})
        return self._connection.getresponse()


def requests_a_second(service: Service, targets: Sequence[str]) -> float:
    """How many answers a second eight clients get, who share the targets; raises Refused when one is none.

    Where the targets last longer than a round, those that are left are not asked for.
    """
    waiting, lock = iter(targets), threading.Lock()
    answered, refused = 0, list[Exception]()
    started = time.perf_counter()

    def ask() -> None:
        nonlocal answered
        client = service.client()
        try:
            while not refused and time.perf_counter() - started < SECONDS_A_ROUND:
                with lock:
                    target = next(waiting, None)
                if target is None:
                    return
                client.get(target)
                with lock:
                    answered += 1
        except (Refused, OSError, http.client.HTTPException) as error:
            refused.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise Refused(str(refused[0]))
    return answered / (time.perf_counter() - started)
