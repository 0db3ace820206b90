"""A faulty way to a Kubernetes API: answers come late, twice, in the wrong order, half, or not at all."""

import base64
import http.client
import http.server
import json
import random
import socketserver
import ssl
import threading
import time

from node import server_port


class Faults:
    """What the proxy does wrong at the moment. Fields are set by tests, between which it does nothing wrong."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.refuses = False
        # Takes requests, and never answers; watches fall silent.
        self.is_hole = False
        # Codes for the next requests that write, and for the next of any kind: taken one by one.
        self.write_codes = []
        self.codes = []
        # Codes for the next watches.
        self.watch_codes = []
        # Cuts a watch in the middle of an event, after so many events.
        self.cuts_after = None
        # Of so many events one is sent twice, or after the next one.
        self.duplicates = 0.0
        self.reorders = 0.0
        # A line that says 410 ends a watch after so many events.
        self.expires_after = None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_any(self):
        proxy = self.server.proxy
        faults = proxy.faults
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        proxy.count += 1
        if faults.refuses:
            self.close_connection = True
            return
        while faults.is_hole and not proxy.is_over:
            time.sleep(0.2)
            if not faults.is_hole:
                # Who waited this long has given up: a hole is no delay.
                self.close_connection = True
                return
        is_watch = "watch=" in self.path
        codes = faults.watch_codes if is_watch else (
            faults.write_codes if self.command in ("PUT", "POST", "PATCH", "DELETE") and faults.write_codes
            else faults.codes)
        if codes:
            return self.refuse(codes.pop(0))
        upstream = http.client.HTTPSConnection("127.0.0.1", proxy.upstream, context=proxy.client, timeout=600)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "content-length", "accept-encoding")}
            upstream.request(self.command, self.path, body, headers)
            answer = upstream.getresponse()
            if is_watch and answer.status == 200:
                self.relay_watch(answer, upstream)
            else:
                data = answer.read()
                self.send_response(answer.status)
                for name in ("Content-Type", "Retry-After"):
                    if answer.getheader(name):
                        self.send_header(name, answer.getheader(name))
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
        except OSError:
            self.close_connection = True
        finally:
            upstream.close()

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any

    def refuse(self, code):
        reason = {409: "Conflict", 410: "Expired", 429: "TooManyRequests", 500: "InternalError"}.get(code, "Unknown")
        body = json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
                           "message": f"made up by the proxy: {code}"}).encode()
        self.server.proxy.made_up[code] = self.server.proxy.made_up.get(code, 0) + 1
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        if code == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def relay_watch(self, answer, upstream):
        proxy = self.server.proxy
        faults = proxy.faults
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        upstream.sock and upstream.sock.settimeout(0.2)
        events = 0
        held = None
        buffer = b""
        while not proxy.is_over and not faults.refuses:
            try:
                data = answer.read1(65536)
                if not data:
                    break
                buffer += data
            except (TimeoutError, ssl.SSLWantReadError):
                if faults.cuts_after == 0:
                    break
                continue
            while b"\n" in buffer:
                line, _, buffer = buffer.partition(b"\n")
                line += b"\n"
                while faults.is_hole and not proxy.is_over:
                    time.sleep(0.2)
                    if not faults.is_hole:
                        self.close_connection = True
                        return
                events += 1
                if faults.expires_after is not None and events > faults.expires_after:
                    faults.expires_after = None
                    proxy.made_up["410 line"] = proxy.made_up.get("410 line", 0) + 1
                    self.chunk(json.dumps({"type": "ERROR", "object": {
                        "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 410, "reason": "Expired",
                        "message": "too old resource version"}}).encode() + b"\n")
                    self.chunk(b"")
                    return
                if faults.cuts_after is not None and events > faults.cuts_after:
                    faults.cuts_after = None
                    proxy.made_up["cut"] = proxy.made_up.get("cut", 0) + 1
                    self.chunk(line[:len(line) // 2])
                    self.close_connection = True
                    return
                if held:
                    self.chunk(line)
                    self.chunk(held)
                    held = None
                elif proxy.random.random() < faults.reorders:
                    proxy.made_up["reordered"] = proxy.made_up.get("reordered", 0) + 1
                    held = line
                else:
                    self.chunk(line)
                    if proxy.random.random() < faults.duplicates:
                        proxy.made_up["doubled"] = proxy.made_up.get("doubled", 0) + 1
                        self.chunk(line)
        if held:
            self.chunk(held)
        self.close_connection = True

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass


class Proxy:
    """Stands before the API server that scripts/kubernetes/up.sh started, and shows that one's certificate."""

    def __init__(self, state, seed=1):
        self.upstream = server_port(state)
        self.faults = Faults()
        self.random = random.Random(seed)
        self.is_over = False
        self.count = 0
        self.made_up = {}
        self.client = ssl.create_default_context(cafile=f"{state}/pki/ca.crt")
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.proxy = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{state}/pki/server.crt", f"{state}/pki/server.key")
        # The handshake belongs to the connection's own thread: a silent client must not stop the others.
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.state = state
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def kubeconfig(self, path):
        token = next(line.split(",")[0] for line in open(f"{self.state}/tokens.csv") if ",token-admin," in line)
        authority = base64.b64encode(open(f"{self.state}/pki/ca.crt", "rb").read()).decode()
        with open(path, "w") as file:
            file.write(f"""apiVersion: v1
kind: Config
current-context: dev
clusters: [{{name: dev, cluster: {{server: "https://127.0.0.1:{self.port}", certificate-authority-data: {authority}}}}}]
contexts: [{{name: dev, context: {{cluster: dev, user: user, namespace: default}}}}]
users: [{{name: user, user: {{token: "{token}"}}}}]
""")
        return path

    def close(self):
        self.is_over = True
        self.server.shutdown()
        self.server.server_close()
