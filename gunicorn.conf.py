"""How gunicorn serves the site; it finds this file by itself in the folder where it starts.

GUNICORN_CMD_ARGS or options on the command line outweigh it: `--bind`, `--workers`.
"""

import os
import sys
from pathlib import Path

wsgi_app = "kwalibo.wsgi:application"
bind = "127.0.0.1:8000"
# One process per core, each with some threads: who waits (for a slow reader, for a lock of the
# database) holds a thread, not a core. More than the writers that may wait at once, so that a
# page that is kept finds a thread.
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
worker_class = "gthread"
threads = 12

# A worker that does not say for so long that it lives, is replaced.
timeout = 60
# At a stop: no new requests, and so long to finish what runs. Whatever stops us waits longer.
graceful_timeout = 30
# Longer than a proxy keeps its side open, so that we never close what it is about to use.
keepalive = 75
# What a worker may have leaked goes with it; not with all of them at once.
max_requests = 20_000
max_requests_jitter = 2_000

# The sign of life of a worker is a file: not on a disk that may be slow.
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"
control_socket_disable = True
accesslog = None
errorlog = "-"


def post_worker_init(worker):
    """Let threads take turns after one millisecond instead of five.

    Giving a page that is kept takes a few turns, and each would wait that long for every thread
    that makes a page at that moment.
    """
    sys.setswitchinterval(0.001)
