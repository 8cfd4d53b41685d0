"""What all tests share: no socket leaves this machine."""

import ipaddress
import socket

import pytest

_connect = socket.socket.connect


def _refuse_foreign(self: socket.socket, address: object) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
        host = str(address[0])
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise AssertionError(f"A test tried to reach {host}: only this machine's loopback is allowed.")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _only_loopback():
    socket.socket.connect = _refuse_foreign
    yield
    socket.socket.connect = _connect
