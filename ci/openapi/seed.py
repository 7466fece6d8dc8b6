"""Makes an upload and a live share on the server in argv[1], and prints what their routes need as TOML and headers.

The server never looks into ciphertext, so random bytes of the right length do.
"""

import base64
import hashlib
import json
import os
import sys
import urllib.request

SERVER = sys.argv[1]
FOLDER = sys.argv[2]

# The header of the known answers in docs/protocol.md: version 1, suite 1, chunks of 1 KiB.
HEADER = "iW9uZWtleQoBAQoAAAAAACAhIiMkJSYnKCkqKywtLi8wMTIzNDU2NzDevEE5ca_vM_aED9Z_b6ByDfjRv4dUIwC5LK9_lt9T"
PART_SIZE = 8416
SIZE = 2584
SEALED_MANIFEST = 28 + 4096


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def call(method, path, authorization=None, body=None, headers=None):
    request = urllib.request.Request(SERVER + "/api/v1" + path, data=body, method=method, headers=headers or {})
    if authorization:
        request.add_header("Authorization", authorization)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def upload(size):
    token = os.urandom(32)
    body = {"header": HEADER, "part_size": PART_SIZE, "size": size,
            "owner_verifier": b64(hashlib.sha256(token).digest()), "owner_envelope": None}
    made = call("POST", "/uploads", body=json.dumps(body).encode())
    return made["id"], "Onekey-Owner " + b64(token)


def share():
    name, owner = upload(SIZE)
    part = os.urandom(SIZE)
    digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
    call("PUT", f"/uploads/{name}/parts/0", owner, part,
         {"Content-Digest": f"sha-256=:{digest}:", "Content-Type": "application/octet-stream"})
    proof, locator = os.urandom(32), os.urandom(16)
    link = {"locator": b64(locator), "verifier": b64(hashlib.sha256(proof).digest()), "envelope": b64(os.urandom(60)),
            "password": False, "direct": False, "max_downloads": None, "expires_in": 3600, "label": None}
    body = {"size": SIZE, "manifest": b64(os.urandom(SEALED_MANIFEST)), "link": link}
    call("POST", f"/uploads/{name}/complete", owner, json.dumps(body).encode())
    return name, owner, b64(locator), "Onekey-Proof " + b64(proof)


def write(name, text):
    with open(os.path.join(FOLDER, name), "w") as file:
        file.write(text)


# Uploads of a known and of an unknown size, as their parts are checked in different ways; and a share.
for run, size in (("known", 2584), ("pipe", None)):
    identifier, owner = upload(size)
    write(run + ".toml", f'[parameters]\n"path.id" = "{identifier}"\n')
    write(run + ".auth", owner)
identifier, owner, locator, proof = share()
write("share.toml", f'[parameters]\n"path.id" = "{identifier}"\n')
write("share.auth", owner)
write("owned.toml", f'[parameters]\n"path.locator" = "{locator}"\n')
write("owned.auth", owner)
write("link.toml", f'[parameters]\n"path.locator" = "{locator}"\n')
write("link.auth", proof)
grant = call("POST", f"/links/{locator}/grants", proof, b"")["grant"]
write("payload.toml", "")
write("payload.auth", "Onekey-Grant " + grant)
write("nobody.toml", "")
