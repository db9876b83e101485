"""How gunicorn serves the site; it finds this file by itself in the folder where it starts.

GUNICORN_CMD_ARGS or options on the command line outweigh it: `--bind`, `--workers`.
"""

import os
from pathlib import Path

wsgi_app = "kwalibo.wsgi:application"
bind = "127.0.0.1:8000"
# One process per core, each with a few threads: a slow reader holds a thread, not a core.
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
worker_class = "gthread"
threads = 4

# A worker that does not say for so long that it lives, is replaced.
timeout = 60
# At a stop: no new requests, and so long to finish what runs. Whatever stops us waits longer.
graceful_timeout = 30
# Longer than a proxy keeps its side open, so that we never close what it is about to use.
keepalive = 75
# What a worker may have leaked goes with it; not with all of them at once. A worker answers
# thousands of kept pages a second, and a new one has to fill its cache again.
max_requests = 500_000
max_requests_jitter = 50_000

# The sign of life of a worker is a file: not on a disk that may be slow.
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"
control_socket_disable = True
accesslog = None
errorlog = "-"
