"""Brings up the loopback interface of a new network namespace, then becomes the command that follows.

A script of its own: it runs inside the namespace, before the command.
"""

import fcntl
import os
import socket
import struct
import sys

# From linux/sockios.h and linux/if.h; struct ifreq is a name of 16 bytes and a union of 24.
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
IFREQ = "16sH22x"

if __name__ == "__main__":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        _, flags = struct.unpack(IFREQ, fcntl.ioctl(probe, SIOCGIFFLAGS, struct.pack(IFREQ, b"lo", 0)))
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack(IFREQ, b"lo", flags | IFF_UP))
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - the arguments are ours
