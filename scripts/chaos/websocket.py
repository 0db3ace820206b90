"""As much of a WebSocket client (RFC 6455) as a console needs, over mutual TLS."""

import base64
import os
import socket
import ssl
import struct
import time


class Refusal(Exception):
    """The server did not open a WebSocket."""

    def __init__(self, code, text):
        super().__init__(f"{code}: {text[:300]}")
        self.code = code


class WebSocket:
    """Owns one connection. What comes in is collected as one text of bytes, frames left aside."""

    def __init__(self, host, port, path, context, subprotocol="plain.kubevirt.io", timeout=10):
        self.received = b""
        self.close_code = None
        self.is_open = False
        self.buffer = b""
        plain = socket.create_connection((host, port), timeout=timeout)
        try:
            self.socket = context.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise
        try:
            self.shake_hands(host, port, path, subprotocol)
        except (OSError, Refusal):
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def shake_hands(self, host, port, path, subprotocol):
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Protocol: {subprotocol}"]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self.buffer:
            data = self.socket.recv(65536)
            if not data:
                raise Refusal(0, "the connection was closed")
            self.buffer += data
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        status = head.split(b"\r\n")[0].split(b" ")
        if status[1] != b"101":
            raise Refusal(int(status[1]), (head + b" " + self.buffer).decode(errors="replace"))
        if f"sec-websocket-protocol: {subprotocol}".encode() not in head.lower():
            raise Refusal(101, "the server chose another subprotocol")
        self.is_open = True

    def send(self, data, opcode=2):
        """Sends one masked frame, as a client must."""
        mask = os.urandom(4)
        size = len(data)
        head = bytes([0x80 | opcode])
        head += bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack(">H", size)
        self.socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def wait(self, condition, limit):
        """Reads until `condition` of all that came holds; whether it did."""
        end = time.monotonic() + limit
        while not condition(self.received):
            left = end - time.monotonic()
            if left <= 0 or not self.is_open:
                return False
            self.read(left)
        return True

    def wait_closed(self, limit):
        """Reads until the server closes; the code that it gives, 0 where it gives none, None where it does not close."""
        end = time.monotonic() + limit
        while self.is_open and time.monotonic() < end:
            self.read(end - time.monotonic())
        return None if self.is_open else (self.close_code or 0)

    def read(self, limit):
        self.socket.settimeout(max(0.01, limit))
        try:
            data = self.socket.recv(65536)
        except (TimeoutError, ssl.SSLWantReadError):
            return
        except OSError:
            data = b""
        if not data:
            self.is_open = False
        self.buffer += data
        while self.take_frame():
            pass

    def take_frame(self):
        if len(self.buffer) < 2:
            return False
        opcode, size, start = self.buffer[0] & 0x0F, self.buffer[1] & 0x7F, 2
        if size >= 126:
            width, form = (2, ">H") if size == 126 else (8, ">Q")
            if len(self.buffer) < start + width:
                return False
            size, start = struct.unpack(form, self.buffer[start:start + width])[0], start + width
        if len(self.buffer) < start + size:
            return False
        body, self.buffer = self.buffer[start:start + size], self.buffer[start + size:]
        if opcode in (0, 1, 2):
            self.received += body
        elif opcode == 8:
            self.close_code = struct.unpack(">H", body[:2])[0] if len(body) >= 2 else 0
            self.is_open = False
        elif opcode == 9:
            self.send(body, opcode=10)
        return True

    def close(self):
        try:
            if self.is_open:
                self.send(struct.pack(">H", 1000), opcode=8)
        except OSError:
            pass
        self.socket.close()


def context(folder, authority="ca.crt", certificate=None):
    """TLS that trusts the authority of a folder that make-tls filled, and shows one of its certificates."""
    made = ssl.create_default_context(cafile=f"{folder}/{authority}")
    if certificate:
        made.load_cert_chain(f"{folder}/{certificate}.crt", f"{folder}/{certificate}.key")
    return made
