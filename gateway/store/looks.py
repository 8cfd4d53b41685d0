"""When each person last looked at the worklist, so that what came since can be told from what they know."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.tables import looks

# Looking goes on while the list is refreshed; after this long without it, the next look is a new one.
LOOKED_AWAY_AFTER = 300
# A look that goes on is noted this often: noting writes to the disk, asking does not.
NOTED_EVERY = 60


class LookStore:
    """Keeps one row for each person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def look(self, user_name: str, now: int) -> int:
        """The moment since which studies are new to the person, who looks at the list right now.

        It is the end of their look before this one; for the first look of all, its own beginning.
        """
        known = self._database.remembered(("look", user_name), lambda connection: _find(connection, user_name))
        if known is not None and now - known[1] < NOTED_EVERY:
            return known[0]
        with self._database.write() as connection:
            known = _find(connection, user_name)
            if known is None:
                connection.execute(sa.insert(looks).values(user_name=user_name, new_since=now, last_at=now))
                return now
            new_since, last_at = known
            if now - last_at >= LOOKED_AWAY_AFTER:
                new_since = last_at
            mine = sa.update(looks).where(looks.c.user_name == user_name)
            connection.execute(mine.values(new_since=new_since, last_at=max(now, last_at)))
            return new_since


def _find(connection: sa.Connection, user_name: str) -> tuple[int, int] | None:
    found = connection.execute(
        sa.select(looks.c.new_since, looks.c.last_at).where(looks.c.user_name == user_name)
    ).first()
    return (found[0], found[1]) if found else None
