"""Runs scripts, each in a fork of one process that has loaded what most of them import. `together.py SOCKET` answers whoever
connects to the socket, until its standard input ends: a line `[[SCRIPT, ARGUMENT…], …]` of JSON is answered with
`[[exit status, standard output, standard error], …]`."""

import functools
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import tempfile
import traceback

AT_ONCE = 2
# As in judging.py, and before the libraries are loaded.
os.environ.update({"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"})
SHARED = ("torch", "torch._dynamo", "transformers.training_args", "transformers.trainer", "peft", "pandas")


@functools.cache
def preload():
    # Judges are named after trainers, and so are packages.
    sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != os.path.dirname(os.path.realpath(__file__))]
    for name in SHARED:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - the judge that needs it says so
            print(f"{name}: {error}", file=sys.stderr)
    # Forks share what nobody collects, and a recorder that looks through all objects sees its own.
    gc.freeze()


def started(argv, out, err):
    """The process of a script."""
    if pid := os.fork():
        return pid
    status = 1
    try:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        with open(argv[0], encoding="utf-8") as file:
            # Its stand-ins take the places of libraries that are not loaded.
            if "from running import" in file.read():
                os.execv(sys.executable, [sys.executable, *argv])
        sys.argv, sys.path[:0] = argv, [os.path.dirname(argv[0])]
        runpy.run_path(argv[0], run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def ended(asked):
    """How each script ends."""
    said, running = {}, {}
    for number, argv in enumerate([*asked, *[None] * AT_ONCE]):
        if argv:
            out, err = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
            running[started(argv, out, err)] = (number, out, err)
        if len(running) == AT_ONCE or (not argv and running):
            pid, status = os.wait()
            done, *files = running.pop(pid)
            texts = [file.seek(0) or file.read() for file in files]
            said[done] = [os.waitstatus_to_exitcode(status), *texts]
    return [said[number] for number in range(len(asked))]


def main(path):
    # Who answers is not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        print("listening", flush=True)
        while door in select.select([door, sys.stdin], [], [])[0]:
            caller, _ = door.accept()
            preload()
            with caller:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    with caller.makefile("rw", encoding="utf-8") as stream:
                        print(json.dumps(ended(json.loads(stream.readline()))), file=stream, flush=True)
                    os._exit(0)


main(sys.argv[1])
