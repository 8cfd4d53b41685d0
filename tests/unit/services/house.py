"""One installation's services without the web, in front of one study that is known by its attributes alone."""

from gateway.access.policy import Policy
from gateway.access.principal import Circumstances, Role
from gateway.access.tokens import Tokens
from gateway.archive.federation import Federation
from gateway.audit.log import AuditLog
from gateway.dicom.attributes import element
from gateway.dicom.model import Study
from gateway.services.accounts import Accounts
from gateway.services.openings import Openings
from gateway.services.shares import Shares
from gateway.store.accounts import AccountStore
from gateway.store.audit_log import AuditStore
from gateway.store.database import Database
from gateway.store.grant_directories import GrantDirectories
from gateway.store.grants import GrantStore
from gateway.store.rendition_keys import RenditionKeys
from gateway.store.shares import ShareStore
from gateway.store.tables import make_tables

PASSWORD = "correct horse battery"
STUDY = Study("1.2.3", "main", "v1", element("PatientID", "4711") | element("PatientName", {"Alphabetic": "Doe^Jane"}))


class OneStudy:
    """An archive that knows one study."""

    name = "main"

    def search_for_studies(self, query):
        """The study, where it is asked for."""
        return [STUDY] if query.matches.get("StudyInstanceUID", STUDY.study_instance_uid) == "1.2.3" else []


class House:
    """Accounts, openings and shares over one database in a directory; several processes may build it over the same."""

    def __init__(self, directory):
        self.database = Database(directory / "lightbox.sqlite3")
        make_tables(self.database)
        self.audit_path = directory / "audit.sqlite3"
        self.audit_store = AuditStore(Database(self.audit_path))
        self.audit = AuditLog(self.audit_store)
        self.tiles = directory / "tiles"
        self.directories = GrantDirectories(self.tiles)
        people, shares = AccountStore(self.database), ShareStore(self.database)
        tokens = Tokens(directory / "keys", issuer="https://lightbox.test")
        times = {"idle_seconds": 3600, "session_seconds": 12 * 3600}
        self.accounts = Accounts(people, self.audit, tokens, self.directories, **times)
        self.keys = RenditionKeys(self.database)
        self.openings = Openings(
            GrantStore(self.database), people, shares, self.audit, Policy(), self.keys, self.directories, 3600
        )
        archives = Federation([OneStudy()])
        self.shares = Shares(shares, people, archives, self.audit, Policy(), self.directories, 30)

    def add(self, name="alice", role=Role.RADIOLOGIST, **more):
        """A person with the usual password."""
        self.accounts.add_user(name, role, PASSWORD, **more)

    def sign_in(self, name="alice", password=PASSWORD, address="10.0.0.7"):
        """A new session."""
        return self.accounts.sign_in(name, password, here(address), from_loopback=False)

    def records(self):
        """Every audit record's text."""
        return [row.body for row in self.audit_store.rows()]


def here(address="10.0.0.7"):
    """The circumstances of a request."""
    return Circumstances(address, "Mozilla/5.0 (iPhone) Mobile", "request-1")
