"""Memory for many threads."""

import platform
import subprocess
import sys

import pytest

glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")

USE_IT = """
import ctypes, threading
from bot.chat import heap
{}
threads = [threading.Thread(target=lambda: [bytes(1000) * 9 for _ in range(99)]) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


LEAVE_HOLES = """
from bot.chat import heap

def megabytes():
    return next(int(line.split()[1]) >> 10 for line in open("/proc/self/status") if line.startswith("RssAnon"))

taken = [bytearray(b"x" * 64000) for _ in range(1000)]
del taken[::2]
before = megabytes()
heap.trim()
print(before - megabytes())
"""


@glibc
@pytest.mark.parametrize(("call", "shared"), [("heap.share()", True), ("", False)])
def test_threads_share_one_heap(call, shared):
    told = subprocess.run([sys.executable, "-c", USE_IT.format(call)], capture_output=True, text=True, check=True)
    assert (told.stdout.count("<heap nr=") == 1) is shared, told.stdout


@glibc
def test_what_is_free_between_what_is_in_use_goes_back():
    told = subprocess.run([sys.executable, "-c", LEAVE_HOLES], capture_output=True, text=True, check=True)
    assert int(told.stdout) > 20  # of 32 MB
