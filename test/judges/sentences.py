"""Sentences of LoRA Alpha about a library, each held against the library itself.

    python test/judges/sentences.py     # a line each: [how the sentence begins, what the library did; null where as it says]
"""

import contextlib
import importlib
import json
import os
import sys
import warnings

os.environ["DISABLE_VERSION_CHECK"] = "1"

from judging import _verdicts, need

torch, transformers, peft, yaml = need("torch", "transformers", "peft", "yaml")
warnings.simplefilter("ignore")


def stops(run, words=""):
    """Null if it stops, with these words in its message."""
    try:
        run()
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return None if words in str(error) else f"stopped otherwise: {error}"
    return "did not stop"


def unless(as_said, what):
    return None if as_said else what


def library(name):
    return importlib.import_module(name)


def args(**more):
    return transformers.TrainingArguments(output_dir="out", report_to="none", use_cpu=True, **more)


def layer(**lora):
    return peft.get_peft_model(torch.nn.Sequential(torch.nn.Linear(8, 8)), peft.LoraConfig(target_modules=["0"], **lora))


def factory(optim, **more):
    return transformers.Trainer.get_optimizer_cls_and_kwargs(args(optim=optim, **more), layer())


def stepped(kind, *groups, steps=3, **numbers):
    """Weights after some steps."""
    torch.manual_seed(0)
    weights = [torch.nn.Parameter(torch.ones(8, 8)) for _ in groups or [{}]]
    optimizer = kind([{"params": [w], **group} for w, group in zip(weights, groups or [{}])], **numbers)
    for _ in range(steps):
        for w in weights:
            w.grad = torch.randn(8, 8)
        optimizer.step()
    return weights[0].detach().clone()


def clipped_by_none():
    trainer = transformers.Trainer(model=layer(), args=args(max_steps=1))
    rows = [{"input": torch.ones(8)}]
    trainer.args.max_grad_norm = None
    trainer.train_dataset, trainer.compute_loss = rows, lambda model, inputs, **_: model(torch.ones(1, 8)).sum()
    trainer.data_collator = lambda rows: {"input": torch.ones(1, 8)}
    trainer.train()


def two_rates(package, kind):
    return stops(lambda: stepped(getattr(library(package), kind), {"lr": 1.0}, {"lr": 0.5}), "lr")


def mlx_adam():
    import inspect

    return unless("weight_decay" not in inspect.signature(library("mlx.optimizers").Adam).parameters, "it has one")


def schedule_of_mlx():
    built = library("mlx_lm.tuner.utils").build_schedule({"name": "cosine_decay", "arguments": [1e-3, 10]})
    return unless(abs(float(built(0)) - 1e-3) < 1e-9, "another rate")


def layer_of_mlx(**parameters):
    nn = library("mlx.nn")
    model = nn.Module()
    model.layers = [nn.Module()]
    model.layers[0].linear = nn.Linear(8, 8)
    library("mlx_lm.tuner.utils").linear_to_lora_layers(model, 1, {"keys": ["linear"], **parameters})
    return model.layers[0].linear


def axolotl(**more):
    lora = {"adapter": "lora", "lora_r": 8, "lora_alpha": 16, "lora_target_modules": ["q_proj"]}
    data = {"base_model": "m", "datasets": [{"path": "d", "type": "alpaca"}], "micro_batch_size": 1, "gradient_accumulation_steps": 1}
    given = {name: value for name, value in {**lora, **data, "learning_rate": 1e-4, **more}.items() if value is not None}
    library("axolotl.utils.schemas.config").AxolotlInputConfig(**given)


def litgpts_lora(**train):
    defaults = {"epochs": 1, "max_steps": None, "lr_warmup_steps": 1}
    lora, base = library("litgpt.finetune.lora"), library("litgpt.args")
    lora.validate_args(base.TrainArgs(**{**defaults, **train}), base.EvalArgs())


def llamafactorys(**more):
    return stops(lambda: library("llamafactory.hparams.finetuning_args").FinetuningArguments(finetuning_type="lora", **more), "LoRA")


def same(kind, numbers, more):
    a, b = (stepped(kind, **given) for given in (numbers, {**numbers, **more}))
    return unless(torch.equal(a, b), "it changes the steps")


def ludwigs(room, kind, **given):
    return getattr(library(f"ludwig.schema.{room}"), kind).from_dict(given)


def of_trl(name, adapted=False, **more):
    """A trainer of TRL on a tiny model."""
    sizes = {"vocab_size": 9, "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2}
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**sizes))
    lora = peft.LoraConfig(target_modules=["q_proj"])
    model = peft.get_peft_model(model, lora) if adapted else model
    more |= {"peft_config": lora} if adapted else {}
    more |= {"ref_model": model} if name == "DPO" else {}
    rows = library("datasets").Dataset.from_list([{"input_ids": [1, 2], "prompt": "a", "chosen": "b", "rejected": "a"}])
    words = transformers.PreTrainedTokenizerBase(pad_token="a", eos_token="b")
    getattr(library("trl"), f"{name}Trainer")(model=model, train_dataset=rows, processing_class=words, **more)


def trls(config, **more):
    return getattr(library("trl"), f"{config}Config")(output_dir="out", report_to="none", use_cpu=True, bf16=False, **more)


def bfloat16_step(**eps):
    weight = torch.nn.Parameter(torch.ones(8, 8, dtype=torch.bfloat16))
    weight.grad = torch.full_like(weight, 1e-5)
    torch.optim.Adafactor([weight], lr=0.1, **eps).step()
    return weight.detach()


def adafactors_eps():
    told = torch.equal(bfloat16_step(), bfloat16_step(eps=(torch.finfo(torch.bfloat16).eps, 1e-3)))
    return unless(told and not torch.equal(bfloat16_step(), bfloat16_step(eps=(1.2e-7, 1e-3))), "another eps")


def loraplus_decays():
    made = library("peft.optimizers").create_loraplus_optimizer(layer(), torch.optim.AdamW, loraplus_lr_ratio=4, **factory("adamw_torch", weight_decay=0.1)[1])
    return unless(not any(group["weight_decay"] for group in made.param_groups), "it decays")


def muon_of_mlx(decay):
    """With no gradient the step is the direction of the decay, whose size counts for nothing."""
    mx, optimizer = library("mlx.core"), library("mlx.optimizers").Muon(1.0, **({} if decay is None else {"weight_decay": decay}))
    weight = mx.array(torch.randn(4, 4, generator=torch.Generator().manual_seed(0)).tolist())
    return optimizer.apply_gradients({"w": mx.zeros((4, 4))}, {"w": weight})["w"]


def muon_ignores_its_size():
    by = [torch.tensor(muon_of_mlx(decay).tolist()) for decay in (None, 0.02, 0)]
    return unless(torch.allclose(by[0], by[1], atol=1e-4) and not torch.allclose(by[0], by[2], atol=1e-2), "decoupled")


def constant_warms_up():
    made = transformers.get_scheduler("constant", torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0), 5, 10)
    return unless(made.get_last_lr() == [1.0], "it warms up")


def litgpts_optimizer():
    return library("litgpt.utils").instantiate_torch_optimizer({"class_path": "torch.optim.AdamW"}, [])


def first(found):
    return next(filter(None, found), None)


BNB = "bitsandbytes.optim"
SENTENCES = [
    ("torch's Muon accepts only matrices", lambda: stops(lambda: torch.optim.Muon([torch.nn.Parameter(torch.ones(8))], lr=0.1), "2D")),
    ("bitsandbytes' RMSprop ignores momentum", lambda: same(library(BNB).RMSprop, {"lr": 0.1}, {"momentum": 0.9})),
    ("bitsandbytes' SGD does not support Nesterov momentum", lambda: same(library(BNB).SGD, {"lr": 0.1, "momentum": 0.9}, {"nesterov": True})),
    ("it stops without a momentum above 0", lambda: stops(lambda: stepped(library(BNB).LARS, lr=0.1), "momentum")),
    ("Hugging Face's Trainer has no optimizer of this name; it is called paged_adamw_32bit", lambda: stops(lambda: args(optim="paged_adamw"), "paged_adamw")),
    ("GaLore builds it with a relative step", lambda: stops(lambda: factory("galore_adafactor_layerwise", optim_target_modules=["0"]), "Cannot combine manual")),
    ("max_grad_norm is null", lambda: stops(clipped_by_none, "NoneType")),
    ("LoRA Alpha assumes transformers 5.24, which has no warmup_ratio", lambda: stops(lambda: args(warmup_ratio=0.1), "warmup_ratio")),
    ("{0} is null, and no default replaces it", lambda: stops(lambda: stepped(torch.optim.AdamW, weight_decay=None), "NoneType")),
    ("Prodigy and D-Adaptation stop at the first step if parts of the network", lambda: two_rates("prodigyopt", "Prodigy") or two_rates("dadaptation", "DAdaptAdam")),
    ("LoraConfig of PEFT 0.21 has no {0}", lambda: stops(lambda: peft.LoraConfig(lora_rank=8), "lora_rank")),
    ("H2O LLM Studio reads its files with PyYAML", lambda: unless(isinstance(yaml.load("1e-4", yaml.FullLoader), str) and yaml.load("1.0e-4", yaml.FullLoader) == 1e-4, "a number")),
    ("MLX's Adam has no weight decay", mlx_adam),
    ("mlx-lm ignores learning_rate: lr_schedule has its own", schedule_of_mlx),
    ("{0} is missing. mlx-lm has no default for it if lora_parameters is set", lambda: stops(lambda: layer_of_mlx(rank=8, dropout=0.0), "scale")),
    ("mlx-lm ignores lora_parameters.alpha", lambda: unless(layer_of_mlx(rank=8, dropout=0.0, scale=20.0, alpha=16).scale == 20.0, "another scale")),
    ("Axolotl stops without a learning_rate", lambda: axolotl() or stops(lambda: axolotl(learning_rate=None), "learning_rate")),
    ("Axolotl does not combine it with an adapter", lambda: stops(lambda: axolotl(optimizer="q_galore_adamw8bit", optim_target_modules=["q_proj"]), "adapter")),
    ("LLaMA-Factory does not combine it with LoRA", lambda: next(filter(None, map(lambda name: llamafactorys(**{f"use_{name}": True}), ("galore", "apollo", "badam"))), None)),
    ("bitsandbytes' LARS does not support Nesterov momentum", lambda: same(library(BNB).LARS, {"lr": 0.1, "momentum": 0.9}, {"nesterov": True})),
    ("ai-toolkit builds DAdaptLion with an eps, which DAdaptLion refuses", lambda: stops(lambda: stepped(library("dadaptation").DAdaptLion, eps=1e-6), "eps")),
    ("With inference_mode, PEFT freezes A and B, and training stops", lambda: stops(layer(inference_mode=True)(torch.ones(1, 8)).sum().backward, "require grad")),
    ("TRL 1.16 stops: the model already has its adapter", lambda: stops(lambda: of_trl("SFT", adapted=True, args=trls("SFT")), "peft_config")),
    ("TRL 1.16 stops: this trainer needs the arguments of its own kind", lambda: stops(lambda: of_trl("SFT", args=trls("DPO")), "SFTConfig")),
    ("TRL 1.16 stops at a ref_model that is the model itself", lambda: stops(lambda: of_trl("DPO", args=trls("DPO")), "ref_model")),
    ("torch's Adafactor defaults the first eps to the machine epsilon", adafactors_eps),
    ("With loraplus_lr_ratio, Axolotl does not pass weight_decay", loraplus_decays),
    ("The constant schedule has no warm-up", constant_warms_up),
    ("MLX's Muon adds its weight decay (default 0.01) to the gradient", muon_ignores_its_size),
    ("mlx-lm defaults scale to 20 if lora_parameters is not set", lambda: unless(library("mlx_lm.lora").CONFIG_DEFAULTS["lora_parameters"]["scale"] == 20, "another scale")),
    ("litgpt stops if optimizer is a map without init_args", lambda: stops(litgpts_optimizer, "init_args")),
    ("litgpt's LoRA recipe does not support {0}", lambda: first(stops(lambda: litgpts_lora(**{name: 1}), name) for name in ("max_norm", "max_tokens", "tie_embeddings", "lr_warmup_fraction"))),
    ("Ludwig's schema takes no null here", lambda: first(stops(lambda: ludwigs("llms.peft", "LoraConfig", type="lora", **{name: None})) for name in ("use_rslora", "use_dora"))),
    ("Ludwig reads its files with PyYAML", lambda: stops(lambda: ludwigs("trainer", "FineTuneTrainerConfig", type="finetune", learning_rate=yaml.load("1e-4", yaml.FullLoader)))),
    ("alpha is not set. Ludwig defaults it to twice the rank", lambda: unless([ludwigs("llms.peft", "LoraConfig", type="lora", r=r).alpha for r in (4, 16)] == [8, 32], "another alpha")),
    ("this optimizer steps inside the backward pass", lambda: unless("model" in factory("lomo")[1], "it is made from groups")),
]

for begins, holds in SENTENCES:
    with contextlib.redirect_stdout(sys.stderr):
        try:
            found = holds()
        except Exception as error:  # noqa: BLE001 - the library is not here
            found = f"not here: {type(error).__name__}: {error}"
    print(json.dumps([begins, found]), file=_verdicts, flush=True)
