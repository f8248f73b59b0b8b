"""Stands in for LibreOffice: `converter.py MODE SECONDS SOURCE TARGET` takes its time, and does what the mode says.

One process, as soffice.bin is one.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

mode, seconds, source, target = sys.argv[1:]
if mode == "hangs":
    time.sleep(1000)
if mode == "crashes":
    os.kill(os.getpid(), signal.SIGSEGV)
if mode == "eats":
    bytearray(4 << 30)
time.sleep(float(seconds))
try:
    shutil.copyfile(source, target)
except OSError as error:
    # Half a file is none.
    Path(target).unlink()
    sys.exit(error.errno)
