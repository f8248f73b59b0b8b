"""LibreOffice driven by nothing but UNO: the least that a document costs. Run by the Python that has `uno`.

The first line says how to start: {"command": [...]}; an empty answer says that it has. From then on each line
{"docx": path, "pdf": path} is answered by an empty line when the PDF is there.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def main():
    """Serve until there are no more lines."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    pipe = f"bench-{os.getpid()}"
    command = json.loads(sys.stdin.readline())["command"]
    office = subprocess.Popen([*command, f"--accept=pipe,name={pipe};urp"], stdin=subprocess.DEVNULL)
    desktop = connect(office, pipe)
    print(file=answers, flush=True)
    for line in sys.stdin:
        convert(desktop, **json.loads(line))
        print(file=answers, flush=True)
    office.kill()
    office.wait()


def connect(office, pipe):
    """Its desktop, as soon as it answers."""
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    while office.poll() is None:
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.02)
        else:
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    raise SystemExit(f"LibreOffice ended with {office.returncode} before it answered")


def convert(desktop, docx, pdf):
    """Load, store, close."""
    document = desktop.loadComponentFromURL(Path(docx).as_uri(), "_blank", 0, (said("Hidden", True),))
    # What PDF to write stands in the profile, the same as the service's.
    document.storeToURL(Path(pdf).as_uri(), (said("FilterName", "writer_pdf_Export"),))
    document.close(True)


def said(name, value):
    """A named value as UNO takes it."""
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


if __name__ == "__main__":
    main()
