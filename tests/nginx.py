"""Debian's nginx with the repository's own nginx.conf, on loopback, with a certificate made for the test."""

import datetime as dt
import os
import pwd
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lightbox import ROOT, free_port

NGINX = "/usr/sbin/nginx"
MAIN = """
{user}
worker_processes 1;
pid {root}/nginx.pid;
error_log {root}/error.log warn;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    include {root}/lightbox.conf;
}}
"""


@dataclass
class Nginx:
    """nginx in front of a gateway; what an administrator SETs is set, and paths and ports are the test's own."""

    root: Path
    data_dir: Path
    gateway_port: int
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """The https address."""
        return f"https://localhost:{self.port}"

    def start(self) -> None:
        """Writes the configuration, checks it as an administrator would, and serves."""
        assert Path(NGINX).exists(), "Debian's nginx is needed for this test"
        self.root.mkdir(parents=True, exist_ok=True)
        _make_certificate(self.root)
        (self.root / "lightbox.conf").write_text(self._configuration())
        # As root nginx drops to an account of its own; the test's directories belong to this one.
        user = f"user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
        (self.root / "nginx.conf").write_text(MAIN.format(root=self.root, user=user))
        checked = subprocess.run(
            [NGINX, "-t", "-c", self.root / "nginx.conf"], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stderr
        subprocess.run([NGINX, "-c", self.root / "nginx.conf"], check=True)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                requests.get(f"{self.url}/healthz", verify=self.root / "cert.pem", timeout=2)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.root / "error.log").read_text())

    def stop(self) -> None:
        """Stops the server."""
        pid = self.root / "nginx.pid"
        if pid.exists():
            subprocess.run([NGINX, "-c", self.root / "nginx.conf", "-s", "stop"], check=True, capture_output=True)

    def log(self) -> str:
        """The access log."""
        return (self.root / "access.log").read_text()

    def _configuration(self) -> str:
        text = (ROOT / "nginx.conf").read_text()
        for there, here in {
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2;": "",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "lightbox.example.org": "localhost",
            "/etc/ssl/lightbox/fullchain.pem": f"{self.root}/cert.pem",
            "/etc/ssl/lightbox/privkey.pem": f"{self.root}/key.pem",
            "/var/lib/lightbox": str(self.data_dir),
            "/opt/lightbox": str(ROOT),
            "/var/log/nginx/lightbox.log": f"{self.root}/access.log",
            "127.0.0.1:8000": f"127.0.0.1:{self.gateway_port}",
        }.items():
            assert there in text, there
            text = text.replace(there, here)
        return text


def _make_certificate(root: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (root / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (root / "key.pem").write_bytes(private)
