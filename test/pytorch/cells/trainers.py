"""Config files of trainers, run by their own programs where they are installed."""

from __future__ import annotations

from typing import Any

import trainers
from cell import BFLOAT16, Cell

TRL = """\
model_name_or_path: tiny/llama
dataset_name: tiny/{data}
use_peft: true
lora_r: 8
lora_alpha: 16
lora_target_modules: [q_proj, v_proj]
lora_dropout: 0.0
learning_rate: 2.0e-3
weight_decay: 0.1
max_grad_norm: 0.0
max_steps: 10
per_device_train_batch_size: 4
max_length: 64
bf16: false
use_cpu: true
report_to: none
save_strategy: "no"
output_dir: out
{more}"""

SFT_SCRIPT = """\
from datasets import load_dataset
from peft import LoraConfig, get_peft_model
from trl import {kind}Config, {kind}Trainer

rows = load_dataset("tiny/{data}", split="train")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"]{lora})
args = {kind}Config(
    output_dir="out",
    learning_rate=2e-3,
    weight_decay=0.1,
    max_grad_norm=0.0,
    max_steps=10,
    per_device_train_batch_size=4,
    bf16=False,
    use_cpu=True,
    report_to="none",
    save_strategy="no",
)
trainer = {kind}Trainer(
    model="tiny/{model}",
    args=args,
    train_dataset=rows,
    peft_config=config,
)
trainer.train()
"""

QLORA = """\
import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

quantised = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)
model = AutoModelForCausalLM.from_pretrained("tiny/llama", quantization_config=quantised)
"""

TORCHTUNE = """\
model:
  _component_: torchtune.models.llama2.{builder}
  lora_attn_modules: [q_proj, v_proj]
  apply_lora_to_mlp: false
  apply_lora_to_output: false
  lora_rank: 8
  lora_alpha: 16
  vocab_size: 97
  num_layers: 2
  num_heads: 4
  num_kv_heads: 2
  embed_dim: 32
  max_seq_len: 64
  intermediate_dim: 48
{model}optimizer:
  _component_: torch.optim.{optimizer}
  lr: {lr}
  {numbers}
lr_scheduler:
  _component_: torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup
  num_warmup_steps: 3
{more}"""

LLAMAFACTORY = """\
model_name_or_path: tiny/llama
stage: sft
do_train: true
finetuning_type: lora
lora_rank: 8
lora_alpha: 16
lora_target: q_proj,v_proj
learning_rate: 2.0e-3
weight_decay: 0.1
max_grad_norm: 0.0
max_steps: 12
per_device_train_batch_size: 8
lr_scheduler_type: {schedule}
output_dir: out
{more}"""

AXOLOTL = """\
base_model: tiny/llama
adapter: lora
lora_r: 8
lora_alpha: 16
lora_target_modules: [q_proj, v_proj]
optimizer: adamw_torch
lr_scheduler: cosine
learning_rate: 2.0e-3
weight_decay: 0.1
max_grad_norm: {clip}
max_steps: 12
micro_batch_size: 8
output_dir: out
{more}"""


def trl_config(name: str, data: str = "texts", more: str = "", **cell: Any) -> Cell:
    text = TRL.format(data=data, more=more)
    return Cell(f"trl {name} {more}".strip(), text, path="trl.yaml", run=trainers.trl(name), needs=("trl",), **cell)


def trl_script(kind: str, data: str, lora: str = "", model: str = "llama", **cell: Any) -> Cell:
    text = SFT_SCRIPT.format(kind=kind, data=data, lora=lora, model=model)
    return Cell(f"{kind}Trainer(peft_config=…){lora}", text, needs=("trl",), **cell)


def tuned(name: str, *, builder: str = "lora_llama2", optimizer: str = "AdamW", lr: str = "2e-3", **cell: Any) -> Cell:
    parts = {"numbers": "weight_decay: 0.1", "model": "", "more": "clip_grad_norm: null\n"}
    parts.update({key: cell.pop(key) for key in parts if key in cell})
    text = TORCHTUNE.format(builder=builder, optimizer=optimizer, lr=lr, **parts)
    needs = ("torchtune", "omegaconf", "torchao")
    return Cell(f"torchtune {name}", text, path="torchtune.yaml", run=trainers.torchtune, needs=needs, **cell)


def factory(name: str, more: str = "", schedule: str = "cosine", **cell: Any) -> Cell:
    text = LLAMAFACTORY.format(more=more, schedule=schedule)
    return Cell(f"LLaMA-Factory {name}", text, path="train.yaml", run=trainers.llamafactory, **cell)


def axolotl(name: str, more: str = "", clip: str = "0.0", **cell: Any) -> Cell:
    text = AXOLOTL.format(more=more, clip=clip)
    return Cell(f"Axolotl {name}", text, path="axolotl.yaml", run=trainers.axolotl, **cell)


NONE: dict[str, Any] = {"exact": ()}

CELLS = [
    trl_config("sft", quick=True),
    trl_config("sft", more="use_rslora: true\noptim: sgd\n"),
    trl_config("dpo", "pairs", quick=True),
    trl_config("reward", "pairs", more="lora_task_type: SEQ_CLS\n", quick=True, **NONE),
    trl_script("SFT", "texts", quick=True),
    trl_script("SFT", "texts", ", use_dora=True", **NONE),
    Cell(
        "SFTTrainer on 4 bits (QLoRA)",
        QLORA + SFT_SCRIPT.format(kind="SFT", data="texts", lora="", model="llama").replace('"tiny/llama"', "model"),
        needs=("trl", "bitsandbytes"),
        unit=BFLOAT16,
        quick=True,
    ),
    trl_script("DPO", "pairs"),
    trl_script("Reward", "pairs", ', task_type="SEQ_CLS"', model="llama-score", **NONE),
    tuned("AdamW", quick=True),
    tuned("SGD", optimizer="SGD", lr="0.1", numbers="momentum: 0.9"),
    tuned("with clip", more="clip_grad_norm: 0.05\n", bits=False, note="torch adds 1e-6 to the norm", quick=True),
    tuned("DoRA", model="  use_dora: true\n", **NONE),
    tuned("eps and betas", numbers="eps: 1e-4\n  betas: [0.8, 0.95]"),
    factory("AdamW", quick=True),
    factory("rank-stabilised, SGD", "use_rslora: true\noptim: sgd\n"),
    factory("PiSSA", "pissa_init: true\n"),
    factory("head trained", "additional_target: lm_head\n", quick=True, **NONE),
    factory("floor as text", 'lr_scheduler_kwargs: \'{"min_lr": 5.0e-4}\'\n', "cosine_with_min_lr", quick=True, **NONE),
    factory("DoRA", "use_dora: true\n", **NONE),
    axolotl("AdamW", quick=True),
    axolotl("rank-stabilised", "peft_use_rslora: true\n"),
    axolotl("head trained", "lora_modules_to_save: [lm_head]\n", **NONE),
]
