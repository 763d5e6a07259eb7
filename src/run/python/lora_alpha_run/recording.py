"""The recording: what is known so far, how it is written, and how the program is ended. Works without torch."""

import functools
import json
import math
import os
import sys
import time

SETTINGS = json.loads(os.environ["LORA_ALPHA_RUN"])
PLAN, NOISE = SETTINGS.get("plan"), SETTINGS.get("noise")
REFUSED = 70
LIBRARIES = """torch transformers peft accelerate trl diffusers unsloth axolotl llamafactory swift lightning litgpt
torchtune nemo nemo_automodel bitsandbytes deepspeed loralib lycoris schedulefree prodigyopt datasets numpy""".split()

RUN = {"format": "lora-alpha-run/1", "steps": 0, "device": None, "microBatches": 0, "applied": None, "refused": None}
RUN |= {name: [] for name in ("losses", "optimizers", "clips", "modules", "sketches", "notSeen")}
RUN |= {"precision": {"autocast": None, "scaler": None}, "others": {"count": 0, "names": []}}
PROCESS, BEFORE_WRITING = os.getpid(), []


def not_seen(what, why):
    if {"what": what, "why": why} not in RUN["notSeen"] and len(RUN["notSeen"]) < 50:
        RUN["notSeen"].append({"what": what, "why": why})


def safely(function):
    """The recorder's errors are its own: they are noted, and the user's program goes on. Only a plan that may be
    applied by halves ends it."""

    @functools.wraps(function)
    def guarded(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception as error:
            why = f"{function.__name__}: {error!r}"[:500]
            not_seen("recorder", why)
            return refuse(f"The recorder failed, so the plan may be applied in part. {why}") if PLAN else None

    return guarded


def plain(value):
    """As JSON can say it: tensors as numbers, numbers that are not finite as words; anything else is left out."""
    if hasattr(value, "tolist"):
        value = value.tolist() if value.numel() <= 64 else None
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value if isinstance(value, (bool, int, float, str)) else None


def processes():
    """torch.distributed, once it connects several processes."""
    found = getattr(sys.modules.get("torch"), "distributed", None)
    return found if found and found.is_available() and found.is_initialized() else None


def write(ended, reason=""):
    """One file a rank, whole or not at all. A process without a step does not replace the recording of another."""
    several = processes()
    rank = several.get_rank() if several else int(os.environ.get("RANK") or 0)
    size = several.get_world_size() if several else int(os.environ.get("WORLD_SIZE") or 1)
    out = SETTINGS["out"] if not rank else "{0}.rank{2}{1}".format(*os.path.splitext(SETTINGS["out"]), rank)
    if "ended" in RUN or (ended == "no-step" and not RUN["refused"] and os.path.exists(out)):
        return
    for collect in BEFORE_WRITING:
        safely(collect)()
    versions = {m: str(getattr(sys.modules[m], "__version__", "?")) for m in LIBRARIES if m in sys.modules}
    RUN.update(command=sys.argv, cwd=os.getcwd(), world={"size": size, "rank": rank}, ended=ended, reason=reason)
    RUN["versions"] = {"python": sys.version.split()[0], **versions}
    with open(f"{out}.{os.getpid()}", "w") as file:
        json.dump(plain(RUN), file)
    os.replace(file.name, out)


def end(ended, reason="", status=0):
    """Writes, then ends the process at once: no `finally`, exit handler or callback may save or push."""
    try:
        write(ended, reason)
        several, until = processes(), time.time() + 60
        if several and ended == "steps":
            # A rank that ends first would break the others' collectives: they meet in the rendezvous' store.
            store = several.distributed_c10d._get_default_store()
            store.add("lora_alpha_written", 1)
            while store.add("lora_alpha_written", 0) < several.get_world_size() and time.time() < until:
                time.sleep(0.02)
            time.sleep(0 if several.get_rank() else 0.3)
        for child in getattr(sys.modules.get("multiprocessing"), "active_children", list)():
            child.terminate()
        print(f"LoRA Alpha: {reason or str(RUN['steps']) + ' steps recorded in ' + SETTINGS['out']}", file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def refuse(why):
    RUN["refused"] = why
    end("exception" if RUN["steps"] else "no-step", why, REFUSED)


def at_exit():
    """The program ended before the recorder did. A forked child writes nothing."""
    error = repr(getattr(sys, "last_value", None) or "")[:500].strip("'")
    if os.getpid() == PROCESS and RUN["steps"]:
        write("exception" if error else "program", error)
    elif os.getpid() == PROCESS:
        seen = "no optimizer stepped LoRA factors" if "torch" in sys.modules else "torch was not imported"
        write("no-step", "; ".join(filter(None, [seen, *(entry["why"] for entry in RUN["notSeen"]), error])))
