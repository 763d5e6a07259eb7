"""Relatives of scripts that were once judged wrongly: what each shares with them, written from the libraries' documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import trainers
from cell import BFLOAT16, Cell, filled
from cells.templates import NO_CLIP, loop_script, trainer_script

Row = tuple[str, str, dict[str, Any]]
Changes = tuple[tuple[str, str], ...]
PLAIN = f"{NO_CLIP}\nweight_decay=0.1,"
FLOAT16 = 2.0**-12
"""The last place of float16."""
BOTH = {"exact": ("keep-init", "keep-b")}


def changed(text: str, changes: Changes) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def doubted(row: Row) -> Cell:
    """Nothing is called exact, and a finding points at the line of these words."""
    name, words, script = row
    return cell(name, script, exact=(), points_at=words)


def cell(name: str, script: dict[str, Any], **own: Any) -> Cell:
    fields = {key: script.pop(key) for key in ("unit", "bits", "index") if key in script}
    make = loop_script if {"loss", "step", "optimizer", "loop"} & script.keys() else trainer_script
    changes = script.pop("changes", ())
    script.pop("loop", None)
    if make is trainer_script:
        script = {"args": PLAIN, **script}
    return Cell(f"relative: {name}", changed(make(**script), changes), **{**fields, **own})


def with_trl(name: str, *changes: tuple[str, str], kind: str = "SFT", data: str = "texts", **own: Any) -> Cell:
    text = filled("trl_script", kind=kind, data=data, lora="", model="llama")
    return Cell(f"relative: {name}", changed(text, changes), needs=("trl",), **own)


def with_trl_config(name: str, more: str) -> Cell:
    """A config at which `trl sft` stops."""
    kept: dict[str, Any] = {"exact": (), "points_at": more.strip(), "trained": False, "may_be_exact": False}
    return Cell(f"relative: {name}", filled("trl", data="texts", more=more), path="trl.yaml", note="TRL 1.16 stops", **kept)


def autocast(dtype: str, backward: str = "loss.backward()") -> str:
    return f"with torch.autocast('cpu', dtype=torch.{dtype}):\n    loss = model(**batch).loss\n{backward}"


MADE, CALLED, LOADED = "get_peft_model(model, config)", "import LoraConfig, get_peft_model", 'from_pretrained("tiny/llama")'
SCALED, STEP = autocast("float16", "scaler.scale(loss).backward()"), "scaler.step(optimizer)\nscaler.update()"
BY_HAND = "for p in model.parameters():\n    if p.grad is not None:\n        p.grad.div_(4096)\noptimizer.step()"
IN_ONE = f"def step_of(model, batch):\n    {autocast('float16').splitlines()[0]}\n        loss = model(**batch).loss\n"
IN_ONE += "    scaler.scale(loss).backward()\n    scaler.step(optimizer)\n    scaler.update()\n    return loss"
SCALER = "scaler = torch.amp.GradScaler('cpu'{})\n".format
SGD = "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)"
FABRIC = "from lightning.fabric import Fabric\nfabric = Fabric(accelerator='cpu', devices=1, precision='16-true')"
PRECISION: list[Row] = [
    ("a scaler that grows every second step", "scaler.step(optimizer)", {"loss": SCALED, "step": STEP, "after": SCALER(", growth_interval=2")}),
    ("a scaler in a function", "scaler.step(optimizer)", {"loss": "loss = step_of(model, batch)", "step": "", "imports": IN_ONE, "scheduler": SCALER("")}),
    ("a scaler that is switched off", "scaler.step(optimizer)", {"loss": SCALED, "step": STEP, "after": SCALER(", enabled=False")}),
    ("a model cast to half", "model.half()", {"optimizer": SGD, "after": "model = model.half()\n", "unit": FLOAT16}),
    ("a loss scaled by hand", "torch.autocast", {"loss": autocast("float16", "(loss * 4096).backward()"), "step": BY_HAND, "unit": FLOAT16}),
    ("factors cast by hand", "p.data.to", {"loop": 1, "after": "for name, p in model.named_parameters():\n    p.data = p.data.to(torch.bfloat16)\n", "unit": BFLOAT16}),
    ("another type by default", "set_default_dtype", {"loop": 1, "imports": "torch.set_default_dtype(torch.bfloat16)", "unit": BFLOAT16}),
    ("Fabric in 16 bits", "fabric.setup", {"optimizer": f"{SGD}\nmodel, optimizer = fabric.setup(model, optimizer)", "imports": FABRIC, "unit": FLOAT16}),
]

RESET = "for module in model.modules():\n    if hasattr(module, 'reset_lora_parameters'):\n        module.reset_lora_parameters('default', {})\n".format
IN_CALLBACK = "class Again(TrainerCallback):\n    def on_train_begin(self, args, state, control, model=None, **kwargs):\n"
IN_CALLBACK += "".join(f"        {line}\n" for line in RESET("True").splitlines())
ON_META = ((MADE, "get_peft_model(model, config, low_cpu_mem_usage=True)"),)
TRAINS: list[Row] = [
    ("factors on meta, then reset", "reset_lora_parameters(", {"changes": ON_META, "after": "model.to_empty(device='cpu')\n" + RESET("True")}),
    ("factors reset another way", "reset_lora_parameters(", {"after": RESET("'gaussian'")}),
    ("factors reset as training begins", "reset_lora_parameters(", {"imports": "from transformers import TrainerCallback", "before": IN_CALLBACK, "handed": "callbacks=[Again()]"}),
    ("a norm trains too", "requires_grad_(", {"after": "model.base_model.model.model.norm.requires_grad_(True)\n"}),
    ("an adapter taken off and put on", "model.unload()", {"after": "model = get_peft_model(model.unload(), config)\n"}),
    ("one factor drawn anew", "kaiming_uniform_", {"after": "first = [p for name, p in model.named_parameters() if 'lora_' in name]\ntorch.nn.init.kaiming_uniform_(first[0], a=5 ** 0.5)\n"}),
]

KEPT = "from peft import load_peft_weights, set_peft_model_state_dict\nset_peft_model_state_dict(model, load_peft_weights('kept'))\n"
SECOND = "model.add_adapter('second', config)\nfor name, p in model.named_parameters():\n    if 'second' in name:\n"
SECOND += "        p.data.copy_(model.get_parameter(name.replace('second', 'default')))\nmodel.set_adapter('second')\n"
START = "start = {name: p.clone() for name, p in model.state_dict().items()}\n"
COPIED: list[Row] = [
    ("weights averaged beside", "AveragedModel", {"after": "average = torch.optim.swa_utils.AveragedModel(model)\n", "imports": "import torch.optim.swa_utils"}),
    ("weights kept and put back", "load_state_dict", {"after": START, "last": "model.load_state_dict(start)\n"}),
    ("weights saved and loaded", "set_peft_model_state_dict(", {"after": "model.save_pretrained('kept')\n", "last": KEPT}),
    ("a second adapter that starts as the first", "add_adapter", {"after": SECOND}),
    ("IA3 on top of LoRA", "IA3Config(", {"args": f"{PLAIN}\nremove_unused_columns=False,", "imports": "from peft import IA3Config", "after": "model = get_peft_model(model, IA3Config(target_modules=['down_proj'], feedforward_modules=['down_proj']))\n"}),
]

TEACHER = "class Own(Trainer):\n    def compute_loss(self, model, inputs, return_outputs=False, **kwargs):\n        out = model(**inputs)\n"
TEACHER += "        with torch.no_grad():\n            other = teacher(**inputs)\n        loss = out.loss + (out.logits - other.logits).square().mean()\n"
TEACHER += "        return (loss, out) if return_outputs else loss\n"
UNDERSTOOD: list[tuple[str, dict[str, Any]]] = [
    ("a float16 base under float32 factors", {"loop": 1, "changes": ((LOADED, 'from_pretrained("tiny/llama", dtype=torch.float16)'),), "unit": FLOAT16}),
    ("bf16 autocast alone", {"loss": autocast("bfloat16"), "unit": BFLOAT16}),
    ("the Trainer in bf16 on a bf16 base", {"args": f"{PLAIN}\nbf16=True,\nuse_cpu=True,", "unit": BFLOAT16, "changes": ((LOADED, 'from_pretrained("tiny/llama", dtype="bfloat16")'),)}),
    ("factors that PEFT leaves in bf16", {"loop": 1, "unit": BFLOAT16, "changes": ((LOADED, 'from_pretrained("tiny/llama", torch_dtype=torch.bfloat16)'), (MADE, "get_peft_model(model, config, autocast_adapter_dtype=False)"))}),
    ("PeftModel called itself", {"changes": ((CALLED, "import LoraConfig, PeftModel"), (MADE, "PeftModel(model, config)"))}),
    ("PeftModelForCausalLM called itself", {"changes": ((CALLED, "import LoraConfig, PeftModelForCausalLM"), (MADE, "PeftModelForCausalLM(model, config)"))}),
    ("inject_adapter_in_model", {"changes": ((CALLED, "import LoraConfig, inject_adapter_in_model"), (MADE, "inject_adapter_in_model(config, model)"))}),
    ("mixed=True", {"changes": ((MADE, "get_peft_model(model, config, mixed=True)"),)}),
    ("an adapter with a name of its own", {"changes": ((MADE, 'get_peft_model(model, config, adapter_name="style")'),)}),
    ("the first of two expert weights", {"model": "qwen3-moe", "lora": 'target_parameters=["mlp.experts.gate_up_proj"],', "targets": "[]"}),
    ("a vocabulary that grows", {"changes": (("config = LoraConfig(", "model.resize_token_embeddings(120)\nconfig = LoraConfig("),)}),
    ("a teacher that is a copy", {"imports": "import copy", "after": "teacher = copy.deepcopy(model).eval()\n", "before": TEACHER, "trainer": "Own"}),
]

PLAIN_ARGUMENTS = (("args = SFTConfig", "args = TrainingArguments"), ("import load_dataset\n", "import load_dataset\nfrom transformers import TrainingArguments\n"))
NUMBERS = ("    learning_rate=2e-3,\n    weight_decay=0.1,\n    max_grad_norm=0.0,\n", "")
ADAPTED = 'get_peft_model(AutoModelForCausalLM.from_pretrained("tiny/llama"), config)'
AUTO = "import load_dataset\nfrom transformers import AutoModelForCausalLM\n"
BASE = "    ref_model=AutoModelForCausalLM.from_pretrained('tiny/llama'),\n"
TRL = [
    with_trl("SFTTrainer under another name", *PLAIN_ARGUMENTS, ("SFTConfig, SFTTrainer", "SFTTrainer as Trainer"), ("trainer = SFTTrainer(", "trainer = Trainer(")),
    with_trl("a subclass of SFTTrainer", *PLAIN_ARGUMENTS, ("SFTConfig, SFTTrainer", "SFTTrainer\nclass Mine(SFTTrainer):\n    pass"), ("trainer = SFTTrainer(", "trainer = Mine(")),
    with_trl("SFTTrainer by its module", *PLAIN_ARGUMENTS, ("from trl import SFTConfig, SFTTrainer", "import trl"), ("trainer = SFTTrainer(", "trainer = trl.SFTTrainer(")),
    with_trl("SFTTrainer behind a variable", ("trainer = SFTTrainer(", "kind = SFTTrainer\ntrainer = kind(")),
    with_trl("SFTTrainer with TrainingArguments without numbers", *PLAIN_ARGUMENTS, NUMBERS, bits=False),
    with_trl("SFTConfig without numbers", NUMBERS, bits=False),
    with_trl("KTOTrainer that makes the adapter", kind="KTO", data="pairs"),
    with_trl("DPO with a base as its reference", ("    peft_config=config,\n", BASE), ("trainer = DPOT", f"model = {ADAPTED}\ntrainer = DPOT"), ('model="tiny/llama"', "model=model"), ("import load_dataset\n", AUTO), kind="DPO", data="pairs"),
]

def argument(text: str) -> tuple[str, str]:
    return ('    save_strategy="no",\n', f'    save_strategy="no",\n    {text},\n')


def from_module(module: str, kind: str) -> tuple[str, str]:
    return (f"from trl import {kind}", f"from trl.experimental.{module} import {kind}")


REWARDED = ("    args=args,\n", "    args=args,\n    reward_funcs=lambda completions, **_: [float(c.count('1')) for c in completions],\n")
REFERENCES = [
    with_trl("DPO that computes its reference before", argument("precompute_ref_log_probs=True"), kind="DPO", data="pairs"),
    with_trl("ORPO", from_module("orpo", "ORPO"), kind="ORPO", data="pairs"),
    with_trl("CPO", from_module("cpo", "CPO"), kind="CPO", data="pairs"),
    with_trl("a reward model", kind="Reward", data="pairs", exact=()),
    with_trl("GRPO", REWARDED, argument("num_generations=4, max_completion_length=4"), kind="GRPO", data="pairs", exact=()),
    cell("arguments that no trainer gets", {"before": "other = TrainingArguments(output_dir='other', learning_rate=5e-2, weight_decay=0.5)\n"}, exact=()),
    cell("a second adapter that never trains", {"after": "model.add_adapter('second', config)\nmodel.set_adapter('default')\n"}, exact=()),
    cell("a layer of adapters of two kinds", {"after": "model = get_peft_model(model.base_model.model, config)\n"}, exact=()),
]

COPY = (("import load_dataset\n", f"{AUTO}import copy\n"), ('model="tiny/llama"', "model=model"))
REFERENCE = "    peft_config=config,\n"


def stopped(name: str, words: str, *changes: tuple[str, str], **own: Any) -> Cell:
    """A script at which TRL 1.16 stops: nothing is exact, and a finding points at the line of these words."""
    kept = {"exact": (), "points_at": words, "trained": False, "may_be_exact": False, "note": "TRL 1.16 stops"}
    return with_trl(f"TRL stops: {name}", *changes, **{**kept, **own})


def given(kind: str, other: str) -> tuple[tuple[str, str], ...]:
    return ((f"args = {kind}Config", f"args = {other}"), ("import load_dataset\n", f"import load_dataset\nfrom transformers import {other}\n"))


PAIRS: dict[str, Any] = {"data": "pairs"}
STOPPED = [
    stopped("DPO with TrainingArguments", "trainer = ", *given("DPO", "TrainingArguments"), kind="DPO", **PAIRS),
    stopped("KTO with TrainingArguments", "trainer = ", *given("KTO", "TrainingArguments"), kind="KTO", **PAIRS),
    stopped("Reward with TrainingArguments", "trainer = ", *given("Reward", "TrainingArguments"), kind="Reward", **PAIRS),
    stopped("SFT with Seq2SeqTrainingArguments", "trainer = ", *given("SFT", "Seq2SeqTrainingArguments")),
    stopped("SFT with the arguments of DPO", "trainer = ", ("args = SFTConfig", "args = DPOConfig"), ("import SFTConfig", "import DPOConfig")),
    stopped("an adapter made twice", "trainer = ", *COPY, ("trainer = SFTT", f"model = {ADAPTED}\ntrainer = SFTT")),
    stopped("a copy of the adapter as reference", "ref_model=", *COPY, (REFERENCE, "    ref_model=copy.deepcopy(model),\n"), ("trainer = DPOT", f"model = {ADAPTED}\ntrainer = DPOT"), kind="DPO", **PAIRS),
    stopped("the model as its reference", "ref_model=", *COPY, (REFERENCE, f"    ref_model=model,\n{REFERENCE}"), ("trainer = DPOT", "model = AutoModelForCausalLM.from_pretrained('tiny/llama')\ntrainer = DPOT"), kind="DPO", **PAIRS),
    stopped("a reference kept in step", "sync_ref_model", argument("sync_ref_model=True"), kind="DPO", **PAIRS),
    stopped("a weight decay of None", "weight_decay", ("weight_decay=0.1", "weight_decay=None")),
    stopped("a learning rate of None", "learning_rate", ("learning_rate=2e-3", "learning_rate=None")),
    stopped("an epsilon of None", "adam_epsilon", ("weight_decay=0.1", "adam_epsilon=None")),
]


def options(name: str, numbers: str, **own: Any) -> Cell:
    """Options that a published optimizer has beside its switches (options.py), in a loop."""
    turn = "\noptimizer.train()" if "ScheduleFree" in name else ""
    made = f"optimizer = {name}([p for p in model.parameters() if p.requires_grad], {numbers}){turn}"
    package = name.rpartition(".")[0]
    text = loop_script(optimizer=made, imports=f"import {package}", after="loader = list(loader) * 2\n")
    return Cell(f"relative: {name}, {numbers}", text, needs=(package.split(".")[0],), **own)


CAME, PLUS = "clip_threshold=0.5, weight_decay=0.1", "prodigyplus.ProdigyPlusScheduleFree"
NONE: dict[str, Any] = {"exact": ()}
OPTIONS = [
    options("prodigyopt.Prodigy", "lr=1.0, d_coef=2.0, growth_rate=1.5, weight_decay=0.01"),
    options("prodigyopt.Prodigy", "lr=1.0, decouple=False, weight_decay=0.1, use_bias_correction=True"),
    options(PLUS, "lr=1.0, d_coef=0.5, prodigy_steps=6", points_at="optimizer = prodigy", **NONE),
    options(PLUS, "lr=1.0, use_speed=True, weight_decay=0.1", points_at="optimizer = prodigy", **NONE),
    options("schedulefree.AdamWScheduleFree", "lr=2e-3, r=1.0, weight_lr_power=0.0, warmup_steps=5, weight_decay=0.1"),
    options("transformers.Adafactor", "lr=2e-3, scale_parameter=False, relative_step=False, clip_threshold=0.5, beta1=0.9"),
    options("torch.optim.NAdam", "lr=2e-3, momentum_decay=0.01, weight_decay=0.1, decoupled_weight_decay=True"),
    options("torch.optim.Adagrad", "lr=1e-2, initial_accumulator_value=0.1"),
    options("torch.optim.ASGD", "lr=0.1, lambd=1e-2, t0=4.0, alpha=0.5"),
    options("torch.optim.Rprop", "lr=1e-3, step_sizes=(1e-6, 2e-3)"),
    options("torch.optim.Adadelta", "lr=1.0, eps=1e-3, rho=0.8"),
    options("torch.optim.Muon", "lr=1e-2, ns_steps=3, eps=1e-2, nesterov=False"),
    options("came_pytorch.CAME", f"lr=2e-4, {CAME}", exact=("symmetric", "keep-init", "keep-b")),
    options("pytorch_optimizer.CAME", "lr=2e-4, eps2=1e-6"),
    options("pytorch_optimizer.StableAdamW", "lr=2e-3, weight_decay=0.1, kahan_sum=False, eps=1e-6"),
    options("pytorch_optimizer.Adan", "lr=2e-3, max_grad_norm=1.0, weight_decay=0.1", points_at="optimizer = pytorch", **NONE),
    options("lion_pytorch.Lion", "lr=3e-4, decoupled_weight_decay=True, weight_decay=0.1", points_at="optimizer = lion", **NONE),
    options("optimi.StableAdamW", "lr=2e-3, eps=1e-3, weight_decay=0.1"),
    options("dadaptation.DAdaptSGD", "lr=1.0, momentum=0.9"),
]

XTUNER = """{}
model = dict(
    type='SupervisedFinetune',
    llm=dict(type='tiny'),
    lora=dict(type='peft.LoraConfig', r=8, lora_alpha=16, target_modules=['q_proj', 'v_proj'], task_type='CAUSAL_LM'),
)
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='torch.optim.AdamW', lr=2e-3))
""".format
XTUNER_BASE = "optim_wrapper = dict(optimizer=dict(weight_decay=0.5), clip_grad=dict(max_norm=0.02))\nmodel = dict(lora=dict(lora_dropout=0.0))\n"
VERL = """{}
actor_rollout_ref:
  model: {{path: tiny, lora_rank: 8, lora_alpha: 16, target_modules: [q_proj, v_proj]}}
  actor:
    optim: {{lr: 2.0e-3}}
""".format
BASE_LINE, DEFAULTS = "_base_ = 'base.py'", "defaults: [base, _self_]"
VERL_BASE = "actor_rollout_ref:\n  actor:\n    optim: {weight_decay: 0.5, clip_grad: 0.02}\n"


def completed(name: str, path: str, line: str, text: str, base: str, load: Any, *needs: str) -> Cell:
    """A config that another file completes: nothing is exact, as the plan of what stands in it is another run."""
    own: dict[str, Any] = {"hidden": (line, "# hidden"), "off": (1e-2, 10), "points_at": line, "exact": ()}
    return Cell(f"relative: {name}", text, path=path, run=trainers.merged(path, base, load), needs=needs, **own)


COMPLETED = [
    completed("a _base_ of xtuner", "config.py", BASE_LINE, XTUNER(BASE_LINE), XTUNER_BASE, trainers.by_mmengine, "mmengine"),
    completed("defaults of Hydra", "config.yaml", DEFAULTS, VERL(DEFAULTS), VERL_BASE, trainers.by_hydra, "hydra"),
    with_trl_config("a config within a config, at which TRL stops", "config: base.yaml\n"),
]

CELLS = [
    *COMPLETED,
    *(doubted(row) for row in (*PRECISION, *TRAINS, *COPIED)),
    *(cell(*row) for row in UNDERSTOOD),
    *TRL,
    *REFERENCES,
    *STOPPED,
    *OPTIONS,
]
