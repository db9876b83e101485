"""How gunicorn serves the site; it finds this file by itself in the folder where it starts.

GUNICORN_CMD_ARGS or options on the command line outweigh it: `--bind`, `--workers`.
"""

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

import gunicorn

# In the header `Server`, which gunicorn always sends: nobody needs to know what runs here.
gunicorn.SERVER = "web"

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
# What a worker may have leaked goes with it; not with all of them at once. A worker answers
# thousands of kept pages a second, and a new one has to fill its cache again.
max_requests = 500_000
max_requests_jitter = 50_000

# The sign of life of a worker is a file: not on a disk that may be slow.
memory = "/dev/shm"  # noqa: S108 (files in it get names of their own)
in_memory = memory if Path(memory).is_dir() else None
if in_memory:
    worker_tmp_dir = in_memory
control_socket_disable = True
accesslog = None
errorlog = "-"

# What gunicorn itself says, in the form of our own lines. Settings cannot be asked here: who
# imports them before a fork keeps the old ones at a reload.
if (os.environ.get("LOG_FORMAT") or (os.environ.get("ALLOWED_HOSTS") and "json")) == "json":
    logconfig_dict = {
        "formatters": {"json": {"()": "kwalibo.monitoring.logs.JsonFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {"gunicorn.error": {"handlers": [], "propagate": True}},
        "root": {"level": "INFO", "handlers": ["console"]},
    }

# The workers count together in a folder in memory. With METRICS_BIND each of them answers there.
if os.environ.get("METRICS_BIND") and not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    made_folder = tempfile.mkdtemp(prefix="kwalibo-metrics-", dir=in_memory)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = made_folder


def on_exit(server):
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR") == globals().get("made_folder", ""):
        shutil.rmtree(made_folder, ignore_errors=True)


def post_worker_init(worker):
    # What is there now stays for good. Else every full collection looks through all of it, and
    # for a tenth of a second or two nobody in this process is answered.
    gc.collect()
    gc.freeze()
    # A thread hands the interpreter on after this many seconds instead of 0.005: giving a page
    # that is kept takes a few steps, and each waits that long for a page that is being made.
    sys.setswitchinterval(0.0002)
    if os.environ.get("METRICS_BIND"):
        from kwalibo.monitoring import serving

        serving.start()


def worker_exit(server, worker):
    if os.environ.get("METRICS_BIND"):
        from kwalibo.monitoring import metrics

        metrics.hand_on()
