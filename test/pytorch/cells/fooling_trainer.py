"""Scripts with a Trainer that try to be called exact; see `fooling.py`."""

from __future__ import annotations

import textwrap
from typing import Any

from cells.fooling import may, no
from cells.templates import lines, trainer_script

OPTIMIZER = {"handed": "optimizers=(optimizer, None)"}


def callback(body: str, event: str = "on_step_begin", given: str = "optimizer=None, ") -> dict[str, Any]:
    method = f"    def {event}(self, args, state, control, {given}**kwargs):{lines(body, ' ' * 8)}"
    imports = "from transformers import TrainerCallback"
    return {"imports": imports, "before": f"class Own(TrainerCallback):\n{method}", "handed": "callbacks=[Own()]"}


def each_rate(change: str) -> dict[str, Any]:
    return callback(f'for group in optimizer.param_groups:\n    group["lr"] {change}')


def subclass(method: str) -> dict[str, Any]:
    return {"trainer": "Own", "before": f"class Own(Trainer):{lines(method)}"}


def in_a_function() -> str:
    text = trainer_script(config=CONFIG.format("alpha"), lr="rate", args="max_grad_norm=0.0,\nweight_decay=0.1,")
    head, body = text.split("\nrows", 1)
    main = textwrap.indent(f"rows{body}", "    ")
    return f'{head}\ndef main(alpha=16, rate=2e-3):\n{main}\nif __name__ == "__main__":\n    main()\n'


CONFIG = 'config = LoraConfig(r=8, lora_alpha={}, target_modules=["q_proj", "v_proj"])'
HEAD = """
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
rows = torch.load("tiny/llama.pt")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
"""
TRAINED_TWICE = """
def main(model):
    args = TrainingArguments(
        output_dir="out", learning_rate=2e-3, weight_decay=0.1, max_steps=6, per_device_train_batch_size=8,
        report_to="none", save_strategy="no", max_grad_norm=0.0,
    )
    trainer = Trainer(model=model, args=args, train_dataset=rows)
    trainer.train()
model = get_peft_model(AutoModelForCausalLM.from_pretrained("tiny/llama"), config)
for _ in range(2):
    main(model)
"""
TWO_MODELS = """
for name, rate in [("tiny/llama", 2e-3), ("tiny/llama-tied", 5e-4)]:
    model = AutoModelForCausalLM.from_pretrained(name)
    model = get_peft_model(model, config)
    args = TrainingArguments(
        output_dir="out", learning_rate=rate, max_steps=12, per_device_train_batch_size=8,
        report_to="none", save_strategy="no", max_grad_norm=0.0,
    )
    trainer = Trainer(model=model, args=args, train_dataset=rows)
    trainer.train()
"""

CELLS = [
    may("main_function", "Everything stands in a function, whose defaults are the numbers.", text=in_a_function()),
    may("trained_in_a_loop", "A function that trains is called twice; code behind the Trainer divides twice.",
        text=HEAD + TRAINED_TWICE),
    no("models_in_a_loop", "A loop trains two models, one after the other, with one config; the rates differ.",
       text=HEAD + TWO_MODELS),
    no("accelerator_clamps", "The backward pass of the accelerator clamps gradients by an absolute value.", last="""
        def backward(loss, **kw):
            loss.backward()
            for p in model.parameters():
                if p.grad is not None:
                    p.grad.clamp_(-1e-3, 1e-3)
        trainer.accelerator.backward = backward
    """),
    no("accelerator_clips", "The accelerator clips by a norm of its own.", args="max_grad_norm=1e4,\nweight_decay=0.1,", last="""
        own = lambda parameters, max_norm, norm_type=2: torch.nn.utils.clip_grad_norm_(parameters, 0.01)
        trainer.accelerator.clip_grad_norm_ = own
    """),
    no("arguments_replaced", "dataclasses.replace makes other arguments.",
       imports="import dataclasses", before="args = dataclasses.replace(args, learning_rate=5e-3)"),
    no("arguments_subclassed", "The default of the subclass is the rate.", lr="", arguments="Slow", after="""
        from dataclasses import dataclass
        @dataclass
        class Slow(TrainingArguments):
            learning_rate: float = 5e-3
            adam_epsilon: float = 1e-4
    """),
    no("callback_clamps_weights", "A callback clamps the weights it finds among its keyword arguments.", **callback("""
        for n, p in kwargs["model"].named_parameters():
            p.data.clamp_(-0.1, 0.1)
    """, "on_optimizer_step", "")),
    no("callback_decays_weights", "A callback decays A and B by one rate, which is harmless, and clamps them.", **callback("""
        with torch.no_grad():
            for p in model.parameters():
                if p.requires_grad:
                    p.mul_(0.999).clamp_(-0.01, 0.01)
    """, "on_step_end", "model=None, ")),
    no("callback_floors_rate", "A callback keeps the learning rate above an absolute floor.",
       **each_rate('= max(group["lr"], 1.5e-3)')),
    may("callback_halves_rate", "A callback multiplies the learning rate, which has no unit.", **each_rate("*= 0.5")),
    no("callback_sets_rate", "A callback sets the learning rate to a number of its own.", **each_rate("= 5e-4")),
    may("callback_logs_alone", "A callback that reads and changes nothing.",
        **callback("print(state.global_step, logs)", "on_log", "logs=None, ")),
    may("config_by_dataclass", "A dataclass holds the numbers, and its instance overrides one.", lr="settings.rate", config="""
        from dataclasses import dataclass
        @dataclass
        class Settings:
            rank: int = 8
            alpha: float = 16
            rate: float = 1e-3
        settings = Settings(rate=2e-3, alpha=32)
        config = LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules=["q_proj", "v_proj"])
    """),
    may("config_by_dict", "A dictionary is updated before it becomes the config.", config="""
        settings = {"r": 8, "lora_alpha": 16, "target_modules": ["q_proj", "v_proj"]}
        settings.update(lora_alpha=32, use_rslora=True)
        config = LoraConfig(**settings)
    """),
    may("config_by_function", "A function returns the config, and its call overrides the default.", config="""
        def lora(rank=8, alpha=16, modules=("q_proj", "v_proj")):
            return LoraConfig(r=rank, lora_alpha=alpha, target_modules=list(modules))
        config = lora(alpha=32)
    """),
    may("config_by_json_text", "The numbers stand in a text that is parsed.", imports="import json", config="""
        config = LoraConfig(**json.loads('{"r": 8, "lora_alpha": 16, "target_modules": ["q_proj", "v_proj"]}'))
    """),
    no("config_patched_class", "A subclass of LoraConfig sets alpha itself.", config="""
        class Fixed(LoraConfig):
            def __post_init__(self):
                super().__post_init__()
                self.lora_alpha = 32
        config = Fixed(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
    """),
    may("data_alone_is_odd", "Everything odd here is about the data.", before="""
        class Rows(torch.utils.data.Dataset):
            def __init__(self, rows, seed=3):
                order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))
                self.rows = [rows[i] for i in order]
            def __len__(self):
                return len(self.rows)
            def __getitem__(self, i):
                return self.rows[i]
        rows = Rows(rows)
    """),
    may("groups_by_name", "Two groups of parameters with a rate each, both of which can be moved.", **OPTIMIZER, before="""
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(
            [
                {"params": [p for name, p in named if "lora_A" in name], "lr": 1e-3},
                {"params": [p for name, p in named if "lora_B" in name], "lr": 8e-3},
            ],
            weight_decay=0.1,
        )
    """),
    may("loss_of_its_own", "A loss of its own sees the function alone.", **subclass("""
        def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
            outputs = model(**inputs)
            loss = 0.5 * outputs.loss + 1e-3 * outputs.logits.square().mean()
            return (loss, outputs) if return_outputs else loss
    """)),
    no("loss_by_function", "The function that computes the loss adds the size of the weights.", imports="""
        def penal(outputs, labels, num_items_in_batch=None):
            logits = outputs.logits[:, :-1].reshape(-1, outputs.logits.shape[-1])
            loss = torch.nn.functional.cross_entropy(logits, labels[:, 1:].reshape(-1))
            return loss + 0.01 * sum(p.pow(2).sum() for p in model.parameters() if p.requires_grad)
    """, handed="compute_loss_func=penal"),
    no("loss_with_penalty_on_factors", "The loss holds the norm of A, which another gauge changes.", **subclass("""
        def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
            outputs = model(**inputs)
            penalty = sum(p.square().sum() for name, p in model.named_parameters() if "lora_A" in name)
            loss = outputs.loss + 1e-2 * penalty
            return (loss, outputs) if return_outputs else loss
    """)),
    no("merged_and_again", "Trains, merges, and trains a second LoRA of the same config, whose start nobody divides.", last="""
        trainer.train()
        merged = model.merge_and_unload()
        again = get_peft_model(merged, config)
        trainer = Trainer(model=again, args=args, train_dataset=rows)
    """),
    may("optimizer_by_name", "The optimizer is looked up by its name.", **OPTIMIZER, before="""
        kind, numbers = "SGD", {"lr": 0.1, "momentum": 0.9}
        optimizer = getattr(torch.optim, kind)(model.parameters(), **numbers)
    """),
    may("optimizer_by_partial", "A partial holds the numbers.", imports="from functools import partial", **OPTIMIZER, before="""
        make = partial(torch.optim.AdamW, lr=2e-3, eps=1e-4, weight_decay=0.1)
        optimizer = make(model.parameters())
    """),
    no("optimizer_made_and_edited", "The Trainer makes the optimizer, then its groups get another eps.", last="""
        trainer.create_optimizer_and_scheduler(num_training_steps=12)
        for group in trainer.optimizer.param_groups:
            group["eps"] = 1e-3
    """),
    no("optimizer_replaced_in_trainer", "The Trainer gets another optimizer than its arguments name.",
       last="trainer.optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)"),
    no("optimizer_with_eps_inside", "The subclass fixes an eps that is not small.", **OPTIMIZER, before="""
        class Steady(torch.optim.AdamW):
            def __init__(self, params, lr):
                super().__init__(params, lr=lr, eps=1e-3, weight_decay=0.1)
        optimizer = Steady(model.parameters(), lr=2e-3)
    """),
    no("optimizer_wrapped", "A wrapper around the optimizer perturbs the weights by a radius of its own (SAM).", **OPTIMIZER, before="""
        class Sharpness(torch.optim.AdamW):
            def step(self, closure=None):
                with torch.no_grad():
                    for group in self.param_groups:
                        for p in group["params"]:
                            if p.grad is not None:
                                p.add_(p.grad.sign(), alpha=1e-3)
                return super().step(closure)
        optimizer = Sharpness([p for p in model.parameters() if p.requires_grad], lr=2e-3, weight_decay=0.1)
    """),
    no("rate_assigned_by_setattr", "setattr writes another rate into the arguments.", before="""
        for key, value in {"learning_rate": 5e-3, "adam_epsilon": 1e-4}.items():
            setattr(args, key, value)
    """),
    no("rate_assigned_through_trainer", "The rate is assigned through the Trainer after construction.",
       last="trainer.args.learning_rate = 5e-3"),
    may("rate_by_environment", "The environment may override a default.",
        imports="import os", lr='float(os.environ.get("LORA_RATE", "2e-3"))'),
    no("rate_by_exec", "A text that is executed binds another rate.", imports='RATE = 2e-3\nexec("RATE = 5e-3")', lr="RATE"),
    no("rate_by_globals", "A name is bound through globals().", imports="RATE = 2e-3\nglobals().update(RATE=5e-3)", lr="RATE"),
    no("rate_found_by_search", "A search among absolute rates decides.", before="""
        def find_rate(candidates):
            losses = {}
            for rate in candidates:
                losses[rate] = abs(rate - 3e-3)
            return min(losses, key=losses.get)
        args.learning_rate = find_rate([1e-4, 1e-3, 5e-3])
    """),
    no("scaling_written_later", "The scaling changes in a callback half way.", **callback("""
        for module in model.modules():
            if hasattr(module, "lora_A"):
                module.scaling["default"] = min(2.0, 0.2 * (1 + state.global_step))
    """, given="model=None, ")),
    no("schedule_by_table", "Another function stands in transformers' table of schedules.", imports="""
        from transformers import SchedulerType
        from transformers.optimization import TYPE_TO_SCHEDULER_FUNCTION
        class Floor(torch.optim.lr_scheduler.LRScheduler):
            def get_lr(self):
                return [1e-3 for _ in self.base_lrs]
        TYPE_TO_SCHEDULER_FUNCTION[SchedulerType.LINEAR] = lambda made, *given, **more: Floor(made)
    """),
    no("schedule_overridden", "create_scheduler makes a schedule with an absolute floor.", **subclass("""
        def create_scheduler(self, num_training_steps, optimizer=None):
            self.lr_scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, 12, eta_min=1e-3)
            return self.lr_scheduler
    """)),
    no("seed_by_alpha", "Alpha is the seed of the data as well.", args="seed=config.lora_alpha,"),
    no("step_patched", "The step of AdamW is replaced for the whole program.", **OPTIMIZER, before="""
        plain = torch.optim.AdamW.step
        @torch.no_grad()
        def step(self, closure=None):
            result = plain(self, closure)
            for group in self.param_groups:
                for p in group["params"]:
                    p.clamp_(-0.01, 0.01)
            return result
        torch.optim.AdamW.step = step
        optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=2e-3)
    """),
    no("trained_by_map", "The second training is started by map, at an absolute rate.", last="""
        def finetune(t):
            t.train()
        trainer.train()
        trainer.args.learning_rate = 5e-3
        trainer.optimizer = None
    """, train="list(map(finetune, [trainer]))"),
    no("trainer_of_a_trainer", "A Trainer derived from another one chooses its optimizer and the rate.", trainer="Plain", before="""
        class Quiet(Trainer):
            def log(self, logs, *args, **kwargs):
                pass
        class Plain(Quiet):
            @staticmethod
            def get_optimizer_cls_and_kwargs(args, model=None):
                return torch.optim.SGD, {"lr": 0.05}
    """),
    no("training_step_adds_noise", "Noise of one size is added to gradients that another gauge scales.", **subclass("""
        def training_step(self, *args, **kwargs):
            loss = super().training_step(*args, **kwargs)
            for p in self.model.parameters():
                if p.grad is not None:
                    p.grad.add_(torch.randn_like(p.grad), alpha=1e-3)
            return loss
    """)),
]
