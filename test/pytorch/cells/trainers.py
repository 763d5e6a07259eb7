"""Config files of trainers, run by their own programs where they are installed."""

from __future__ import annotations

from functools import partial
from typing import Any

import trainers
from cell import BFLOAT16, Cell, filled
from entry import own_loops

QLORA = """\
import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

quantised = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)
model = AutoModelForCausalLM.from_pretrained("tiny/llama", quantization_config=quantised)
"""


def trl_config(name: str, data: str = "texts", more: str = "", **cell: Any) -> Cell:
    text = filled("trl", data=data, more=more)
    return Cell(f"trl {name} {more}".strip(), text, path="trl.yaml", run=trainers.trl(name), needs=("trl",), **cell)


def trl_script(kind: str, data: str, lora: str = "", model: str = "llama", **cell: Any) -> Cell:
    text = filled("trl_script", kind=kind, data=data, lora=lora, model=model)
    return Cell(f"{kind}Trainer(peft_config=…){lora}", text, needs=("trl",), **cell)


def factory(name: str, more: str = "", schedule: str = "cosine", **cell: Any) -> Cell:
    text = filled("llamafactory", more=more, schedule=schedule)
    return Cell(f"LLaMA-Factory {name}", text, path="train.yaml", **{"run": trainers.llamafactory, **cell})


def axolotl(name: str, more: str = "", clip: str = "0.0", **cell: Any) -> Cell:
    text = filled("axolotl", more=more, clip=clip)
    return Cell(f"Axolotl {name}", text, path="axolotl.yaml", run=trainers.axolotl, **cell)


NONE: dict[str, Any] = {"exact": ()}
# At this scale the first step of the base does not overflow, and that of a run with gradients twice as large does.
HALF, FOLLOWING = (trainers.in_float16(2.0**17, follows=follows) for follows in (False, True))

ARGUMENTS = "from transformers import TrainingArguments\n"
ADAPTED = 'get_peft_model(AutoModelForCausalLM.from_pretrained("tiny/llama"), config)'


def called(kind: str, init: str, **cell: Any) -> Cell:
    """One of TRL's trainers that is given a model with an adapter."""
    text = filled("trl_script", kind=kind, data="pairs", lora=f", init_lora_weights={init}", model="llama")
    text = text.replace('"tiny/llama"', ADAPTED).replace("    peft_config=config,\n", "")
    text = "from transformers import AutoModelForCausalLM\n" + text
    return Cell(f"{kind}Trainer, its adapter given, init {init}", text, needs=("trl",), **cell)


def plain_arguments(text: str) -> str:
    return ARGUMENTS + text.replace("args = SFTConfig", "args = TrainingArguments")


CELLS = [
    trl_config("sft", quick=True),
    trl_config("sft", more="use_rslora: true\noptim: sgd\n"),
    trl_config("dpo", "pairs", quick=True),
    trl_config("reward", "pairs", more="lora_task_type: SEQ_CLS\n", quick=True, **NONE),
    trl_script("SFT", "texts"),
    Cell(
        "TRL's SFTTrainer: the model by its place",
        filled("trl_script", kind="SFT", data="texts", lora="", model="llama").replace('model="tiny/llama"', '"tiny/llama"'),
        quick=True,
    ),
    trl_script("SFT", "texts", ", use_dora=True", **NONE),
    Cell(
        "SFTTrainer on 4 bits (QLoRA)",
        QLORA + filled("trl_script", kind="SFT", data="texts", lora="", model="llama").replace('"tiny/llama"', "model"),
        needs=("trl", "bitsandbytes"),
        unit=BFLOAT16,
        quick=True,
    ),
    trl_script("DPO", "pairs"),
    called("DPO", "True"),
    called("DPO", "'gaussian'"),
    called("DPO", "'orthogonal'", **NONE),
    called("DPO", "False", **NONE),
    called("KTO", "'orthogonal'", **NONE),
    Cell(
        "SFTTrainer with TrainingArguments on 4 bits",
        plain_arguments(QLORA + filled("trl_script", kind="SFT", data="texts", lora="", model="llama").replace('"tiny/llama"', "model")),
        needs=("trl", "bitsandbytes"),
        unit=BFLOAT16,
    ),
    Cell(
        "SFTTrainer with TrainingArguments",
        plain_arguments(filled("trl_script", kind="SFT", data="texts", lora="", model="llama")),
        needs=("trl",),
    ),
    trl_script("Reward", "pairs", ', task_type="SEQ_CLS"', model="llama-score", **NONE),
    *own_loops.TRAINERS["torchtune"],
    factory("AdamW", quick=True),
    factory("rank-stabilised, SGD", "use_rslora: true\noptim: sgd\n"),
    factory("PiSSA", "pissa_init: true\n"),
    factory("head trained", "additional_target: lm_head\n", quick=True, **NONE),
    factory("floor as text", 'lr_scheduler_kwargs: \'{"min_lr": 5.0e-4}\'\n', "cosine_with_min_lr", quick=True, **NONE),
    factory("float16", "fp16: true\n", run=partial(trainers.llamafactory, train=HALF), off=(0.1, 1.0), **NONE),
    factory("float16, its scale divided", "fp16: true\n", run=partial(trainers.llamafactory, train=FOLLOWING), off=(1e-5, 2e-3), **NONE),
    factory("DoRA", "use_dora: true\n", **NONE),
    axolotl("AdamW", quick=True),
    axolotl("rank-stabilised", "peft_use_rslora: true\n"),
    axolotl("head trained", "lora_modules_to_save: [lm_head]\n", **NONE),
]
