"""A minimal screenshot host as the one that onekey replaces worked: Flask, Fernet blocks, the key in the URL.

Only for `benches/direct/run`: it takes no secret, checks nothing, and loses no time with either. A stored file is a
series of blocks: u32le plain length, u32le token length, raw Fernet token (not base64).
"""

import base64
import os
import re
import struct
import uuid

from cryptography.fernet import Fernet
from flask import Flask, Response, abort, redirect, request

FOLDER = os.environ["CONTENT_DIR"]
BLOCK = 2 * 1024 * 1024
HEADER = struct.Struct("<II")

app = Flask(__name__)


def path_of(name):
    return os.path.join(FOLDER, name)


@app.post("/")
def upload():
    key = os.urandom(32)
    fernet = Fernet(base64.urlsafe_b64encode(key))
    name = uuid.uuid4().hex + ".bin"
    with open(path_of(name), "wb") as stored:
        while block := request.files["file"].stream.read(BLOCK):
            token = base64.urlsafe_b64decode(fernet.encrypt(block))
            stored.write(HEADER.pack(len(block), len(token)))
            stored.write(token)
    text = base64.urlsafe_b64encode(key).decode().rstrip("=")
    return redirect(f"/{text}.{name}")


def blocks(stored):
    """Walks all headers: (first byte, plain length, place of the token, its length)."""
    start = 0
    stored.seek(0)
    while header := stored.read(HEADER.size):
        plain, token = HEADER.unpack(header)
        yield start, plain, stored.tell(), token
        stored.seek(token, os.SEEK_CUR)
        start += plain


def decrypted(fernet, stored, block):
    _, _, place, length = block
    stored.seek(place)
    return fernet.decrypt(base64.urlsafe_b64encode(stored.read(length)))


@app.get("/<address>")
def download(address):
    key, _, name = address.partition(".")
    try:
        stored = open(path_of(name), "rb")
    except FileNotFoundError:
        abort(404)
    fernet = Fernet(key + "=")
    index = list(blocks(stored))
    decrypted(fernet, stored, index[0])
    size = index[-1][0] + index[-1][1]
    wanted = re.match(r"^bytes=(\d+)?-(\d+)?$", request.headers.get("Range", ""))
    first, last, status = 0, size - 1, 200
    if wanted:
        status = 206
        if wanted[1] is None:
            first = size - int(wanted[2])
        else:
            first = int(wanted[1])
            last = min(last, int(wanted[2] or last))

    def body():
        with stored:
            for block in index:
                start, plain = block[0], block[1]
                if start + plain <= first or start > last:
                    continue
                text = decrypted(fernet, stored, block)
                yield text[max(0, first - start) : last + 1 - start]

    answer = Response(body(), status, content_type="application/octet-stream")
    if wanted:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return answer
