"""A registry with one image, for scripts/update: what ``docker save`` wrote, served as the OCI distribution API.

``registry.py ARCHIVE`` prints its port and serves on the loopback until it is ended.
"""

import json
import sys
import tarfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def _served(archive: str) -> type[BaseHTTPRequestHandler]:
    with tarfile.open(archive) as tar:
        blobs = {
            f"sha256:{member.name.rsplit('/', 1)[1]}": tar.extractfile(member).read()  # type: ignore[union-attr]
            for member in tar.getmembers()
            if member.isfile() and member.name.startswith("blobs/sha256/")
        }
        index = json.load(tar.extractfile("index.json"))  # type: ignore[arg-type]
    digest = index["manifests"][0]["digest"]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            *_, kind, name = ["", *self.path.strip("/").split("/")]
            found = {"v2": b"{}"}.get(name) or blobs.get(digest if kind == "manifests" and name == "one" else name)
            body = found or b"{}"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", _MANIFEST if kind == "manifests" else "application/octet-stream")
            self.send_header("Content-Length", str(len(body)))
            if kind == "manifests" and found:
                self.send_header("Docker-Content-Digest", digest if name == "one" else name)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _served(sys.argv[1]))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
