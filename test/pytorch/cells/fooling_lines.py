"""Scripts that differ in a few lines from common ones, and try to be called exact; see `fooling.py`."""

from __future__ import annotations

from typing import Any

from cell import BFLOAT16, FLOAT32, Cell
from cells.templates import NO_CLIP, loop_script, trainer_script

ADAMW = "optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)"


def fooled(name: str, note: str, may: bool, bits: bool = True, **lines: Any) -> Cell:
    """
    @param lines where they go, see `templates.py`; a script with an `optimizer` or a `step` has a loop of its own
    @param may whether a plan that understands all of it can be exact; otherwise it is another run, whatever a plan moves
    """
    if {"optimizer", "step", "scheduler"} & lines.keys():
        text = loop_script(**{"optimizer": ADAMW, **lines})
    else:
        text = trainer_script(**{"args": f"{NO_CLIP}\nweight_decay=0.1,", **lines})
    unit = BFLOAT16 if "bfloat16" in text else FLOAT32
    return Cell(f"fooling: {name}", text, exact=(), may_be_exact=may, bits=bits, unit=unit, quick=True, note=note)


def no(name: str, note: str, **lines: Any) -> Cell:
    return fooled(name, note, may=False, **lines)


def may(name: str, note: str, **lines: Any) -> Cell:
    return fooled(name, note, may=True, **lines)


def nearly(name: str, note: str, **lines: Any) -> Cell:
    """Within rounding."""
    return fooled(name, note, may=True, bits=False, **lines)


CELLS = [
    may(
        "a_frozen",
        "A is frozen; B follows the rule of B.",
        after="""
        for name, p in model.named_parameters():
            if "lora_A" in name:
                p.requires_grad = False
        """,
    ),
    no(
        "arguments_replaced",
        "dataclasses.replace makes other arguments.",
        imports="import dataclasses",
        before="args = dataclasses.replace(args, learning_rate=5e-3)",
    ),
    may(
        "bf16_model",
        "The whole model is cast to bf16, where powers of two are exact.",
        after="model = model.to(torch.bfloat16)",
    ),
    no(
        "callback_decays_weights",
        "A callback decays A and B by one rate of its own, which is harmless, and clamps them, which is not.",
        imports="from transformers import TrainerCallback",
        before="""
        class Clamp(TrainerCallback):
            def on_step_end(self, args, state, control, model=None, **kwargs):
                with torch.no_grad():
                    for p in model.parameters():
                        if p.requires_grad:
                            p.mul_(0.999).clamp_(-0.01, 0.01)
        """,
        handed="callbacks=[Clamp()]",
    ),
    no(
        "callback_floors_rate",
        "A callback keeps the learning rate above an absolute floor.",
        imports="from transformers import TrainerCallback",
        before="""
        class Floor(TrainerCallback):
            def on_step_begin(self, args, state, control, optimizer=None, **kwargs):
                for group in optimizer.param_groups:
                    group["lr"] = max(group["lr"], 1.5e-3)
        """,
        handed="callbacks=[Floor()]",
    ),
    may(
        "callback_halves_rate",
        "A callback multiplies the learning rate, which has no unit.",
        imports="from transformers import TrainerCallback",
        before="""
        class Slow(TrainerCallback):
            def on_step_begin(self, args, state, control, optimizer=None, **kwargs):
                for group in optimizer.param_groups:
                    group["lr"] *= 0.5
        """,
        handed="callbacks=[Slow()]",
    ),
    may(
        "callback_logs_alone",
        "A callback that reads and changes nothing.",
        imports="from transformers import TrainerCallback",
        before="""
        class Tell(TrainerCallback):
            def on_log(self, args, state, control, logs=None, **kwargs):
                print(state.global_step, logs)
        """,
        handed="callbacks=[Tell()]",
    ),
    no(
        "callback_sets_rate",
        "A callback sets the learning rate to a number of its own.",
        imports="from transformers import TrainerCallback",
        before="""
        class Slow(TrainerCallback):
            def on_step_begin(self, args, state, control, optimizer=None, **kwargs):
                for group in optimizer.param_groups:
                    group["lr"] = 5e-4
        """,
        handed="callbacks=[Slow()]",
    ),
    may(
        "config_alpha_after_the_model",
        "The alpha is assigned when the layers exist already, and has no effect.",
        after='model.peft_config["default"].lora_alpha = 64',
    ),
    may(
        "data_alone_is_odd",
        "Everything odd here is about the data.",
        before="""
        class Rows(torch.utils.data.Dataset):
            def __init__(self, rows, seed=3):
                order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))
                self.rows = [rows[i] for i in order]

            def __len__(self):
                return len(self.rows)

            def __getitem__(self, i):
                return self.rows[i]


        rows = Rows(rows)
        """,
    ),
    no(
        "factor_normed",
        "A is trained as direction and length.",
        after="""
        for module in model.modules():
            if hasattr(module, "lora_A") and "default" in module.lora_A:
                torch.nn.utils.parametrizations.weight_norm(module.lora_A["default"])
        """,
    ),
    no(
        "gradient_hook_clamps",
        "A hook clamps gradients at an absolute size.",
        after="""
        for p in model.parameters():
            if p.requires_grad:
                p.register_hook(lambda grad: grad.clamp(-1e-4, 1e-4))
        """,
    ),
    may(
        "gradient_hook_halves",
        "A hook multiplies gradients by a number without a unit.",
        after="""
        for name, p in model.named_parameters():
            if "layers.0" in name and p.requires_grad:
                p.register_hook(lambda grad: 0.5 * grad)
        """,
    ),
    may(
        "groups_by_name",
        "Two groups of parameters with a rate each, both of which can be moved.",
        before="""
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(
            [
                {"params": [p for name, p in named if "lora_A" in name], "lr": 1e-3},
                {"params": [p for name, p in named if "lora_B" in name], "lr": 8e-3},
            ],
            weight_decay=0.1,
        )
        """,
        handed="optimizers=(optimizer, None)",
    ),
    no(
        "groups_that_train_the_norms",
        "The norms train too, at the learning rate of the factors.",
        after="""
        for name, p in model.named_parameters():
            if "layernorm" in name:
                p.requires_grad_(True)
        """,
    ),
    no(
        "head_unfrozen",
        "The head trains as well, at the learning rate of the factors.",
        after="model.base_model.model.lm_head.weight.requires_grad = True",
    ),
    no(
        "init_by_module",
        "Every LoRA layer is reset by a function that is applied to the model.",
        after="""
        def start(module):
            if hasattr(module, "lora_A") and "default" in module.lora_A:
                torch.nn.init.orthogonal_(module.lora_A["default"].weight)
                torch.nn.init.normal_(module.lora_B["default"].weight, std=1e-3)


        model.apply(start)
        """,
    ),
    no(
        "init_from_a_file",
        "The factors come from a file that was saved at the old alpha.",
        after="""
        start = {name: torch.full_like(p, 0.01) for name, p in model.named_parameters() if "lora_" in name}
        model.load_state_dict(start, strict=False)
        """,
    ),
    no(
        "init_of_its_own",
        "A is drawn anew after get_peft_model, with a size of its own.",
        after="""
        for name, p in model.named_parameters():
            if "lora_A" in name:
                torch.nn.init.normal_(p, std=0.02)
        """,
    ),
    may(
        "loss_of_its_own",
        "A loss of its own sees the function alone.",
        trainer="Smooth",
        before="""
        class Smooth(Trainer):
            def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
                outputs = model(**inputs)
                loss = 0.5 * outputs.loss + 1e-3 * outputs.logits.square().mean()
                return (loss, outputs) if return_outputs else loss
        """,
    ),
    no(
        "loss_with_penalty_on_factors",
        "The loss holds the norm of B, which another gauge changes.",
        trainer="Penalised",
        before="""
        class Penalised(Trainer):
            def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
                outputs = model(**inputs)
                penalty = sum(p.square().sum() for name, p in model.named_parameters() if "lora_A" in name)
                loss = outputs.loss + 1e-2 * penalty
                return (loss, outputs) if return_outputs else loss
        """,
    ),
    no(
        "merged_and_again",
        "Trains, merges, and trains a second LoRA of the same config, whose start nobody divides.",
        last="""
        trainer.train()
        merged = model.merge_and_unload()
        again = get_peft_model(merged, config)
        trainer = Trainer(model=again, args=args, train_dataset=rows)
        """,
    ),
    may(
        "optimizer_by_name",
        "The optimizer is looked up by its name.",
        before="""
        kind, numbers = "SGD", {"lr": 0.1, "momentum": 0.9}
        optimizer = getattr(torch.optim, kind)(model.parameters(), **numbers)
        """,
        handed="optimizers=(optimizer, None)",
    ),
    may(
        "optimizer_by_partial",
        "A partial holds the numbers.",
        imports="from functools import partial",
        before="""
        make = partial(torch.optim.AdamW, lr=2e-3, eps=1e-4, weight_decay=0.1)
        optimizer = make(model.parameters())
        """,
        handed="optimizers=(optimizer, None)",
    ),
    no(
        "optimizer_made_and_edited",
        "The Trainer makes the optimizer, then its groups get another eps and rate.",
        last="""
        trainer.create_optimizer_and_scheduler(num_training_steps=12)
        for group in trainer.optimizer.param_groups:
            group["eps"] = 1e-3
        """,
    ),
    no(
        "optimizer_replaced_in_trainer",
        "The Trainer gets another optimizer than its arguments name.",
        last="trainer.optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)",
    ),
    no(
        "optimizer_with_eps_inside",
        "The subclass fixes an eps that is not small.",
        before="""
        class Steady(torch.optim.AdamW):
            def __init__(self, params, lr):
                super().__init__(params, lr=lr, eps=1e-3, weight_decay=0.1)


        optimizer = Steady(model.parameters(), lr=2e-3)
        """,
        handed="optimizers=(optimizer, None)",
    ),
    no(
        "optimizer_wrapped",
        "A wrapper around the optimizer perturbs the weights by a radius of its own (SAM).",
        before="""
        class Sharpness(torch.optim.AdamW):
            def step(self, closure=None):
                with torch.no_grad():
                    for group in self.param_groups:
                        for p in group["params"]:
                            if p.grad is not None:
                                p.add_(p.grad.sign(), alpha=1e-3)
                return super().step(closure)


        optimizer = Sharpness([p for p in model.parameters() if p.requires_grad], lr=2e-3, weight_decay=0.1)
        """,
        handed="optimizers=(optimizer, None)",
    ),
    no(
        "rate_assigned_by_setattr",
        "setattr writes another rate into the arguments.",
        before="""
        for key, value in {"learning_rate": 5e-3, "adam_epsilon": 1e-4}.items():
            setattr(args, key, value)
        """,
    ),
    no(
        "rate_assigned_through_trainer",
        "The rate is assigned through the Trainer after construction.",
        last="trainer.args.learning_rate = 5e-3",
    ),
    may(
        "rate_by_environment",
        "The environment may override a default.",
        lr='float(os.environ.get("LORA_RATE", "2e-3"))',
        imports="import os",
    ),
    no(
        "rate_found_by_search",
        "A search among absolute rates decides.",
        before="""
        def find_rate(candidates):
            losses = {}
            for rate in candidates:
                losses[rate] = abs(rate - 3e-3)
            return min(losses, key=losses.get)


        args.learning_rate = find_rate([1e-4, 1e-3, 5e-3])
        """,
    ),
    may(
        "scale_set_by_method",
        "set_scale multiplies alpha/r by a number, whatever alpha is.",
        after="""
        for module in model.modules():
            if hasattr(module, "set_scale"):
                module.set_scale("default", 0.5)
        """,
    ),
    no(
        "scaling_written",
        "The scaling is written into the layers, so alpha has no effect.",
        after="""
        for module in model.modules():
            if hasattr(module, "lora_A") and "default" in module.scaling:
                module.scaling["default"] = 2.0
        """,
    ),
    no(
        "scaling_written_later",
        "The scaling changes in a callback half way.",
        imports="from transformers import TrainerCallback",
        before="""
        class Scale(TrainerCallback):
            def on_step_begin(self, args, state, control, model=None, **kwargs):
                for module in model.modules():
                    if hasattr(module, "lora_A"):
                        module.scaling["default"] = min(2.0, 0.2 * (1 + state.global_step))
        """,
        handed="callbacks=[Scale()]",
    ),
    no(
        "schedule_overridden",
        "create_scheduler makes a schedule with an absolute floor.",
        trainer="Floored",
        before="""
        class Floored(Trainer):
            def create_scheduler(self, num_training_steps, optimizer=None):
                self.lr_scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, 12, eta_min=1e-3)
                return self.lr_scheduler
        """,
    ),
    no(
        "second_adapter_trains_alone",
        "The adapter that trains is another one than the first.",
        after="""
        model.add_adapter("style", LoraConfig(r=4, lora_alpha=8, target_modules=["v_proj"]))
        model.set_adapter("style")
        """,
    ),
    no(
        "step_patched",
        "The step of AdamW is replaced for the whole program.",
        before="""
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
        """,
        handed="optimizers=(optimizer, None)",
    ),
    no(
        "training_step_adds_noise",
        "Noise of one size is added to gradients that another gauge scales.",
        trainer="Noisy",
        before="""
        class Noisy(Trainer):
            def training_step(self, *args, **kwargs):
                loss = super().training_step(*args, **kwargs)
                for p in self.model.parameters():
                    if p.grad is not None:
                        p.grad.add_(torch.randn_like(p.grad), alpha=1e-3)
                return loss
        """,
    ),
    no(
        "two_adapters_train",
        "Two adapters train; the alpha of one of them moves.",
        after="""
        model.add_adapter("style", LoraConfig(r=4, lora_alpha=8, target_modules=["v_proj"]))
        model.base_model.set_adapter(["default", "style"])
        """,
    ),
    no(
        "weighted_adapter",
        "A frozen sum of adapters lies under the one that trains, and holds the first one at its start.",
        after="""
        model.add_adapter("style", LoraConfig(r=8, lora_alpha=8, init_lora_weights=False, target_modules=["q_proj", "v_proj"]))
        model.add_weighted_adapter(["default", "style"], [0.7, 0.3], adapter_name="both", combination_type="linear")
        model.set_adapter("both")
        """,
    ),
    may(
        "weights_tied",
        "Two layers share one A.",
        after="""
        layers = model.base_model.model.model.layers
        layers[1].self_attn.q_proj.lora_A = layers[0].self_attn.q_proj.lora_A
        """,
    ),
    nearly(
        "loop_accelerate_clip",
        "accelerate clips, by a norm that can be moved.",
        imports="from accelerate import Accelerator",
        scheduler="""
        accelerator = Accelerator()
        model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
        """,
        step="""
        accelerator.clip_grad_norm_(model.parameters(), 0.05)
        optimizer.step()
        """,
    ),
    no(
        "loop_adaptive_clip",
        "Gradients are clipped against the size of their weights, which moves the other way.",
        step="""
        for p in model.parameters():
            if p.grad is not None:
                most = 0.01 * p.norm().clamp(min=1e-3)
                if p.grad.norm() > most:
                    p.grad.mul_(most / p.grad.norm())
        optimizer.step()
        """,
    ),
    may(
        "loop_betas_written",
        "Betas have no unit.",
        step="""
        for group in optimizer.param_groups:
            group["betas"] = (0.8, 0.99)
        optimizer.step()
        """,
    ),
    may(
        "loop_ema",
        "An average of the weights replaces them at the end; averages have no unit.",
        scheduler="""
        from torch.optim.swa_utils import AveragedModel
        average = AveragedModel(model)
        """,
        step="""
        optimizer.step()
        average.update_parameters(model)
        """,
    ),
    no(
        "loop_floor_in_lambda",
        "A lambda divides an absolute floor by the rate at the start.",
        optimizer="RATE, FLOOR = 2e-3, 1e-3",
        scheduler="""
        optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(FLOOR / 2e-3, 1 - step / 12))
        """,
        step="""
        optimizer.step()
        scheduler.step()
        """,
    ),
    no(
        "loop_manual_schedule",
        "The loop computes each rate, from a peak of its own.",
        step="""
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (1 - loss.item() / 100)
        optimizer.step()
        """,
    ),
    no(
        "loop_norm_of_weights",
        "Each step ends with weights of an absolute length at most.",
        step="""
        optimizer.step()
        with torch.no_grad():
            for name, p in model.named_parameters():
                if "lora_" in name:
                    p.copy_(torch.renorm(p, 2, 0, 0.05))
        """,
    ),
    no(
        "loop_rate_halfway",
        "The rate of the group is replaced half way.",
        step="""
        optimizer.step()
        if loss < 5:
            optimizer.param_groups[0]["lr"] = 5e-4
        """,
    ),
    no(
        "loop_sgd_by_hand",
        "The loop moves the weights itself, at a rate that no optimizer holds.",
        step="""
        with torch.no_grad():
            for p in model.parameters():
                if p.grad is not None:
                    p.sub_(0.05 * p.grad)
        """,
    ),
    no(
        "loop_skips_steps",
        "Steps with small gradients are skipped, at an absolute size.",
        step="""
        norm = sum(p.grad.norm() for p in model.parameters() if p.grad is not None)
        if norm > 0.5:
            optimizer.step()
        """,
    ),
    no(
        "loop_swa",
        "SWALR anneals to an absolute rate.",
        scheduler="""
        from torch.optim.swa_utils import SWALR
        scheduler = SWALR(optimizer, swa_lr=5e-4, anneal_epochs=6)
        """,
        step="""
        optimizer.step()
        scheduler.step()
        """,
    ),
    may(
        "loop_two_optimizers",
        "Two optimizers, of A and of B, whose rates can both be moved.",
        optimizer="named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]",
        scheduler="""
        optimizer = torch.optim.AdamW([p for name, p in named if "lora_A" in name], lr=1e-3)
        optimizer_b = torch.optim.SGD([p for name, p in named if "lora_B" in name], lr=0.1)
        """,
        step="""
        optimizer.step()
        optimizer_b.step()
        optimizer_b.zero_grad()
        """,
    ),
]
