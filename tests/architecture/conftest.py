"""The application as it is built, without a request being made."""

import pytest

from gateway.factory import create_app
from gateway.settings import Settings


@pytest.fixture
def app(tmp_path):
    return create_app(Settings(data_dir=tmp_path))
