"""The example of a login in front of Dagster's UI, tried with nginx: who may pass, and what passes."""

import base64
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from orchestration.settings import PROJECT

EXAMPLE = PROJECT / "deploy" / "nginx" / "leerplicht-dagster.conf"
MISSING = [name for name in ("nginx", "htpasswd", "openssl") if not shutil.which(name)]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (Debian: nginx apache2-utils openssl)")
MAIN = """
{user}
daemon off; pid {folder}/pid; error_log {folder}/fouten;
events {{ }}
http {{ access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; include {folder}/voorbeeld.conf; }}
"""
PASSWORD = "geheim-genoeg"


class Upstream(BaseHTTPRequestHandler):
    """Stands for the UI: answers with the headers that it got, and echoes what comes over a websocket."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Upgrade") == "websocket" and self.headers.get("Connection") == "upgrade":
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.end_headers()
            self.wfile.write(self.rfile.read(5))
            self.close_connection = True
            return
        answer = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Front:
    """The web server with the example, in front of the stand-in of the UI."""

    port: int

    def ask(self, *headers: str, login: str | None = None, after: bytes = b"") -> str:
        """Send a request over TLS; return all that comes back until the connection ends."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        lines = ["GET /graphql HTTP/1.1", "Host: dagster.gemeente.example", *headers]
        lines += [f"Authorization: Basic {base64.b64encode(login.encode()).decode()}"] if login else []
        with socket.create_connection(("127.0.0.1", self.port), 10) as plain, context.wrap_socket(plain) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + after)
            parts = []
            while part := connection.recv(4096):
                parts.append(part)
        return b"".join(parts).decode()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    port = _free_port()
    subject = ["-subj", "/CN=dagster.gemeente.example", "-keyout", folder / "sleutel", "-out", folder / "certificaat"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *subject],
        check=True,
        capture_output=True,
    )
    subprocess.run(["htpasswd", "-B", "-b", "-c", folder / "wachtwoorden", "anna", PASSWORD], check=True, capture_output=True)
    _write_configuration(folder, port, upstream.server_port)
    with subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "fouten"]) as nginx:
        try:
            _wait_for(port)
            yield Front(port)
        finally:
            nginx.terminate()
            nginx.wait()
            upstream.shutdown()


def _write_configuration(folder: Path, port: int, upstream: int) -> None:
    """Take the example, with other ports and the certificate and passwords of this test in it."""
    text = EXAMPLE.read_text()
    for ours, theirs in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/certs/dagster.gemeente.example.pem": str(folder / "certificaat"),
        "/etc/ssl/private/dagster.gemeente.example.key": str(folder / "sleutel"),
        "auth_basic_user_file /etc/nginx/leerplicht.htpasswd": f"auth_basic_user_file {folder / 'wachtwoorden'}",
        "http://127.0.0.1:3000": f"http://127.0.0.1:{upstream}",
    }.items():
        assert text.count(ours) == 1
        text = text.replace(ours, theirs)
    (folder / "voorbeeld.conf").write_text(text)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user="user root;" if os.geteuid() == 0 else ""))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


@pytest.mark.parametrize("login", [None, "anna:fout", f"bram:{PASSWORD}", f"anna:{PASSWORD}x"])
def test_without_the_right_password_nothing_passes(front: Front, login: str | None):
    answer = front.ask("Connection: close", login=login)
    assert answer.startswith("HTTP/1.1 401 ")
    assert "X-Frame-Options: DENY" in answer
    handshake = front.ask("Connection: Upgrade", "Upgrade: websocket", login=login, after=b"hallo")
    assert handshake.startswith("HTTP/1.1 401 ")
    assert not handshake.endswith("hallo")


def test_with_it_the_ui_answers_and_does_not_see_the_password(front: Front):
    answer = front.ask("Connection: close", login=f"anna:{PASSWORD}")
    assert answer.startswith("HTTP/1.1 200 ")
    assert "Host: dagster.gemeente.example" in answer
    assert "Authorization" not in answer


def test_a_websocket_passes(front: Front):
    answer = front.ask("Connection: Upgrade", "Upgrade: websocket", login=f"anna:{PASSWORD}", after=b"hallo")
    assert answer.startswith("HTTP/1.1 101 ")
    assert answer.endswith("hallo")


def test_nothing_is_answered_without_tls(front: Front):
    with socket.create_connection(("127.0.0.1", front.port), 10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert plain.recv(4096).startswith(b"HTTP/1.1 400 ")
