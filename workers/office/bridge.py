"""Drives LibreOffice for a parent that speaks JSON lines; run by the Python that has `uno`, it imports nothing of ours.

The parent's first line says how to start: {"profile": a folder to copy, "fonts": a fontconfig file, "command": [...]};
{"number": 0, "memory": bytes in use} says that it has. From then on {"number": 1, "size": 40321} and as many bytes of
a Word file are answered by {"number": 1, "memory": bytes in use, "size": 210744} and as many bytes of a PDF. Anything
that goes wrong ends the bridge.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException

# Without a box, the pipes of all offices lie in the same folder; whoever clears up after us knows ours by our folder.
PIPE = Path.cwd().name
DOCX, PDF = Path("report.docx"), Path("report.pdf")


def main():
    """Serve until the parent says no more."""
    # Only answers go to the parent; what LibreOffice prints goes where the errors go.
    parent, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    office = start(**json.loads(parent.readline()))
    desktop = connect(office)
    answer(answers, {"number": 0, "memory": memory(office)})
    for line in parent:
        asked = json.loads(line)
        DOCX.write_bytes(parent.read(asked["size"]))
        pdf = convert(desktop)
        answer(answers, {"number": asked["number"], "memory": memory(office), "size": len(pdf)}, pdf)
    # It takes its pipe away with it.
    with suppress(DisposedException):
        desktop.terminate()
    office.wait()


def start(profile, fonts, command):
    """LibreOffice with a profile of its own in this folder."""
    shutil.copytree(profile, "profile")
    Path("fonts.conf").write_text(fonts, encoding="utf-8")
    own = f"-env:UserInstallation={Path('profile').resolve().as_uri()}"
    accept = f"--accept=pipe,name={PIPE};urp"
    return subprocess.Popen([*command, own, accept], stdin=subprocess.DEVNULL)  # noqa: S603 - our parent's command


def connect(office):
    """Its desktop, as soon as it answers."""
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    while office.poll() is None:
        try:
            there = resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.02)
        else:
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    raise SystemExit(f"LibreOffice ended with {office.returncode} before it answered")


def convert(desktop):
    """The PDF of the Word file; nothing of either is left behind."""
    # No macro runs, no link is followed, whatever the document asks for.
    how = properties(Hidden=True, ReadOnly=True, MacroExecutionMode=0, UpdateDocMode=0)
    frame = desktop.findFrame("_blank", 0)
    # Even an office that nobody sees makes bars and buttons for each document, and a tenth of its time goes into them.
    frame.LayoutManager = None
    document = frame.loadComponentFromURL(url(DOCX), "_self", 0, how)
    try:
        # No filter data: what PDF to write stands in the profile, as for an office that is started for one document.
        document.storeToURL(url(PDF), properties(FilterName="writer_pdf_Export"))
    finally:
        document.close(True)
    pdf = PDF.read_bytes()
    DOCX.unlink()
    PDF.unlink()
    return pdf


def answer(answers, header, body=b""):
    """A line for the parent, and what belongs to it."""
    answers.write(json.dumps(header).encode() + b"\n" + body)
    answers.flush()


def memory(office):
    """How many bytes LibreOffice occupies."""
    pages = Path(f"/proc/{office.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def url(path):
    """The address of a file of ours."""
    return path.resolve().as_uri()


def properties(**values):
    """Named values as UNO takes them."""
    made = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


if __name__ == "__main__":
    main()
