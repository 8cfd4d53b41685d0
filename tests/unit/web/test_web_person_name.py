"""The server's first drawing and the app write a name alike; the other half is pwa/src/person.test.ts."""

import pytest

from gateway.web.person_name import readable_name


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("Doe^Jane", "DOE, Jane"),
        ("Doe^Jane^Mary^Dr^Jr", "DOE, Jane Mary, Jr (Dr)"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "YAMADA, Tarou · 山田 太郎 · やまだ たろう"),
        ("Διονυσιος", "Διονυσιος"),
        ("قباني^لنزار", "قباني, لنزار"),
        ("Äneas^Rüdiger", "ÄNEAS, Rüdiger"),
        ("", "No name"),
        ("^^^^", "No name"),
        ("김희중", "김희중"),
    ],
)
def test_names_are_read_as_people_read_them(stored, read):
    assert readable_name(stored) == read
