"""A server on localhost that misbehaves as its addresses say. Standard
library only.

  /NAME             the file, with ETag and ranges
  /dies/NAME        the first answer breaks off in the middle
  /dies-always/NAME every answer breaks off at the same byte
  /no-range/NAME    ranges are not known; the first answer breaks off
  /changes/NAME     breaks off; the ETag is another one the second time
  /wrong/NAME       one byte is another
  /busy/NAME        503 twice, then the file
  /moved/NAME       redirects to /NAME
  /slow/NAME        a little at a time
  /tagless/NAME     no ETag, no date; the first answer breaks off
  /silent/NAME      the first half, and then nothing until the client goes
  /mute/NAME        no answer at all until the client goes
  /page/NAME        the first answer breaks off, then a web page instead
  /round/NAME       redirects to itself
anything else: 404

With a certificate it speaks TLS. It is a proxy, too: what it is asked for with
a whole address it has itself, and what is tunnelled goes where it is to.
"""
import base64
import hashlib
import http.server
import re
import socket
import ssl
import threading
import time


def pour(source, sink):
    """Until one of the two ends."""
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Server:
    def __init__(self, files, certificate=None, password=None):
        self.files = files          # name -> bytes
        self.password = password    # "NAME:PASSWORD" that the proxy wants, or None
        self.proxied = []           # (method, address)
        self.requests = []          # (path, Range header or None, If-Range header or None)
        self.seen = {}              # path -> number of requests
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self)

            def do_CONNECT(self):
                outer.tunnel(self)

            def log_message(self, *args):
                pass

        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = "http://127.0.0.1"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True)
            self.origin = "https://localhost"
        self.thread = threading.Thread(target=self.httpd.serve_forever, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.httpd.shutdown()
        self.httpd.server_close()

    def url(self, path):
        return "%s:%d/%s" % (self.origin, self.httpd.server_port, path)

    def is_let_through(self, h):
        """As a proxy."""
        self.proxied.append((h.command, h.path))
        given = h.headers.get("Proxy-Authorization")
        if self.password is None or given == "Basic " + base64.b64encode(self.password.encode()).decode():
            return True
        self.plain(h, 407, **{"Proxy-Authenticate": 'Basic realm="x"'})
        return False

    def tunnel(self, h):
        if not self.is_let_through(h):
            return
        host, port = h.path.rsplit(":", 1)
        h.close_connection = True
        with socket.create_connection((host, int(port))) as there:
            h.wfile.write(b"HTTP/1.1 200 Go on\r\n\r\n")
            back = threading.Thread(target=pour, args=(there, h.connection))
            back.start()
            pour(h.connection, there)
            back.join()

    def answer(self, h):
        if "://" in h.path and not self.is_let_through(h):
            return
        path = re.sub("^[a-z]+://[^/]*", "", h.path).lstrip("/")
        mode, _, name = path.rpartition("/")
        h.close_connection = True
        asked = h.headers.get("Range")
        self.requests.append((path, asked, h.headers.get("If-Range")))
        n = self.seen[path] = self.seen.get(path, 0) + 1
        if name not in self.files:
            return self.plain(h, 404)
        if mode == "busy" and n <= 2:
            return self.plain(h, 503)
        if mode == "moved":
            return self.plain(h, 302, Location=self.url(name))
        if mode == "round":
            return self.plain(h, 302, Location=self.url(path))
        if mode == "page" and n > 1:
            return self.plain(h, 200, b"<html>Log in</html>", **{"Content-Type": "text/html; charset=utf-8"})
        if mode == "mute":
            return self.wait_for_end(h)
        data = self.files[name]
        if mode == "wrong":
            data = data[:100] + bytes([data[100] ^ 1]) + data[101:]
        tag = '"%s"' % hashlib.sha256(data).hexdigest()[:16]
        if mode == "changes" and n > 1:
            tag = '"another"'
        breaks = (mode in ("dies", "no-range", "changes", "tagless", "page") and n == 1) or mode in ("dies-always", "silent")
        self.send(h, mode, data, tag, asked, len(data) // 2 if breaks else None)
        if mode == "silent":
            self.wait_for_end(h)

    def wait_for_end(self, h):
        try:
            h.connection.recv(1)
        except OSError:
            pass

    def send(self, h, mode, data, tag, asked, stop):
        first = 0
        match = re.fullmatch(r"bytes=(\d+)-", asked or "")
        wanted = h.headers.get("If-Range")
        if match and mode != "no-range" and (wanted is None or wanted == tag):
            first = int(match.group(1))
        if first >= len(data) > 0 and first > 0:
            return self.plain(h, 416, **{"Content-Range": "bytes */%d" % len(data)})
        h.send_response(206 if first else 200)
        if first:
            h.send_header("Content-Range", "bytes %d-%d/%d" % (first, len(data) - 1, len(data)))
        if mode != "tagless":
            h.send_header("ETag", tag)
        h.send_header("Content-Length", str(len(data) - first))
        h.send_header("Connection", "close")
        h.end_headers()
        end = len(data) if stop is None else max(stop, first)
        step = 20000 if mode == "slow" else 1 << 18
        try:
            for k in range(first, end, step):
                h.wfile.write(data[k:min(k + step, end)])
                if mode == "slow":
                    time.sleep(0.01)
        except OSError:
            pass

    def plain(self, h, code, body=b"", **headers):
        h.send_response(code)
        for name, value in headers.items():
            h.send_header(name, value)
        h.send_header("Content-Length", str(len(body)))
        h.send_header("Connection", "close")
        h.end_headers()
        h.wfile.write(body)
