"""Memory for many threads."""

import platform
import subprocess
import sys

import pytest

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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
@pytest.mark.parametrize(("call", "shared"), [("heap.share()", True), ("", False)])
def test_threads_share_one_heap(call, shared):
    told = subprocess.run([sys.executable, "-c", USE_IT.format(call)], capture_output=True, text=True, check=True)
    assert (told.stdout.count("<heap nr=") == 1) is shared, told.stdout
