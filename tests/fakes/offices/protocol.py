"""What the fake bridges have in common with the real one: they are asked, and they answer."""

import json
import sys


def documents():
    """Number and content of each Word file, as they are asked for."""
    sys.stdin.buffer.readline()
    answer(0)
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        yield asked["number"], sys.stdin.buffer.read(asked["size"])


def answer(number, pdf=b""):
    """Say that the PDF of this number is ready, and hand it over."""
    sys.stdout.buffer.write(json.dumps({"number": number, "memory": 1, "size": len(pdf)}).encode() + b"\n" + pdf)
    sys.stdout.buffer.flush()
