# ruff: noqa: F821 (export-check.ts writes CHECK, MODEL, RUNS … here, and joins the other files)
# --- imports ---
import argparse
import copy
import functools
import json
import math
import os
import re
import signal
import sys
import time

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the check at once.
# Otherwise CUDA may sum in another order each time.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

# --- options ---
def fail(message):
    print(f"{sys.argv[0]}: {' '.join(str(message).split())}", file=sys.stderr)
    sys.exit(64)


def eight_or_more(text):
    if text.isdecimal() and int(text) >= 8:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is no whole number of 8 or more")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.error = lambda message: fail(f"{message} (see --help)")
    add = parser.add_argument
    add("--model", default=MODEL, help="name or path of the base model (default: %(default)s)")
    kinds = ["auto", "llama", "qwen2", "gpt2", "t5"]
    add("--tiny", nargs="?", const="auto", choices=kinds, help="a small random model")
    add("--data", help="JSONL file; the first tokens of its input_ids, text, or rows are used")
    add("--steps", type=eight_or_more, default=24, help="8 or more (default: %(default)s)")
    add("--seed", type=int, default=SEED)
    coarse = "bfloat16 is coarse: expect a verdict at powers of four alone"
    add("--dtype", choices=["float32", "bfloat16"], default="float32", help=coarse)
    add("--fsdp", action="store_true", help="under torchrun: a share of the model in each process")
    add("--json", action="store_true", help="print one JSON document")
    add("--save", metavar="FOLDER", help="write the document to a new file in this folder")
    args = parser.parse_args()
    if not args.model and not args.tiny:
        parser.error("the config names no model; give --model or --tiny")
    return args


ARGS = arguments()  # Before the packages: they take seconds to import.
try:
    import peft
    import torch
    import transformers
except ImportError as error:
    print(f"{error}; install torch, transformers, peft", file=sys.stderr)
    sys.exit(2)

# --- model ---
RATE = None  # sweep.py --rates: the baseline alone is trained, at this learning rate.
BATCHES, LENGTH = 4, 32  # Mini-batches, which are trained on in turn, and the tokens of a row.
# The baseline again, with rounding noise on A and B from this seed.
CONTROLS = {"control-1": 1, "control-2": 2, "control-3": 3}
PROCESS, PROCESSES = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
GPU = int(os.environ.get("LOCAL_RANK", 0))
DEVICE = torch.device("cuda", GPU) if torch.cuda.is_available() else torch.device("cpu")


def base_model():
    """The base model of the config, or a small random one of the same architecture."""
    model, dtype = ARGS.model, {"dtype": getattr(torch, ARGS.dtype)}
    kinds = (kind for kind in ("t5", "gpt2", "qwen2") if kind in str(model).lower())
    kind = next(kinds, "llama") if ARGS.tiny == "auto" else ARGS.tiny
    sizes = dict(
        hidden_size=64 * math.ceil(LORA["r"] / 64),
        intermediate_size=96,
        num_hidden_layers=2,
        vocab_size=128,
        num_attention_heads=4,
        num_key_value_heads=4,
        initializer_range=0.2,
        pad_token_id=0,
        decoder_start_token_id=0,
    )
    torch.manual_seed(ARGS.seed)
    read = transformers.AutoConfig
    try:
        config = read.for_model(kind, **sizes) if ARGS.tiny else read.from_pretrained(model)
    except Exception as error:
        fail(f"the model {model} cannot be loaded: {error}")
    auto = transformers.AutoModelForCausalLM
    if config.is_encoder_decoder:
        auto = transformers.AutoModelForSeq2SeqLM
    return auto.from_config(config, **dtype) if ARGS.tiny else auto.from_pretrained(model, **dtype)


@functools.cache
def tokenizer():
    return transformers.AutoTokenizer.from_pretrained(ARGS.model)


def tokens_of(row):
    """The input_ids of a row; else the tokens of its text, which are its bytes for a tiny model."""
    if row.get("input_ids"):
        return row["input_ids"]
    text = str(row.get("text") or json.dumps(row))
    return list(text.encode()) if ARGS.tiny else tokenizer()(text)["input_ids"]


def batches(vocabulary):
    """The mini-batches of this process: random tokens, or those of --data, row after row."""
    tokens = torch.randint(vocabulary, (BATCHES, PROCESSES, BATCH, LENGTH))
    if ARGS.data:
        try:
            with open(ARGS.data, encoding="utf-8-sig") as file:
                rows = [json.loads(line) for line in file if line.strip()]
            some = [int(token) for row in rows for token in tokens_of(row)]
        except Exception as error:
            fail(f"{ARGS.data} cannot be read as JSONL with an object in each line: {error}")
        if not some:
            fail(f"{ARGS.data} is empty")
        if ARGS.tiny:
            some = [token % vocabulary for token in some]
        if not 0 <= min(some) <= max(some) < vocabulary:
            fail(f"{ARGS.data} has a token beyond the {vocabulary} of the model")
        flat = [some[i % len(some)] for i in range(tokens.numel())]
        tokens = torch.tensor(flat).view_as(tokens)
    return tokens[:, PROCESS].to(DEVICE)


def groups(model, run):
    """The parameters as the trainer groups them: B's rate is the LoRA+ ratio times A's."""
    made, numbers, ratio = {}, run["numbers"], run.get("ratio") or 1
    for name, p in model.named_parameters():
        is_of_b = "lora_B" in name or (VECTORS_WITH_B and p.ndim == 1)
        lr = numbers["lr"] * ratio if is_of_b else numbers["lr"]
        decay = 0.0 if NO_DECAY and re.search(NO_DECAY, name.lower()) else numbers["weight_decay"]
        if p.requires_grad:
            made.setdefault((lr, decay), []).append(p)
    return [{"params": ps, "lr": lr, "weight_decay": decay} for (lr, decay), ps in made.items()]


def spread(model):
    """Over the processes: the whole model in each, or a share of every block."""
    if PROCESSES == 1:
        return model
    if not ARGS.fsdp:
        return torch.nn.parallel.DistributedDataParallel(model)
    blocks = [m for m in model.modules() if type(m).__name__ in (model._no_split_modules or [])]
    return [torch.distributed.fsdp.fully_shard(m) for m in [*blocks, model]][-1]
