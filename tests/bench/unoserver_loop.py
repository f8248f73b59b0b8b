"""unoserver's own client, asked for one document after the other. Run by the Python that unoserver is installed in.

Its argument is the port of the server. Each line {"docx": path, "pdf": path} is answered by an empty line.
"""

import json
import os
import sys

from unoserver.client import UnoClient

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
client = UnoClient(port=sys.argv[1])
for line in sys.stdin:
    asked = json.loads(line)
    client.convert(inpath=asked["docx"], outpath=asked["pdf"], convert_to="pdf", filtername="writer_pdf_Export")
    print(file=answers, flush=True)
