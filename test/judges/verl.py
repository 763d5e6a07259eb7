"""verl: Hydra composes its own defaults, and the file is merged over them."""

import importlib.util
import pathlib

from judging import judge, need

hydra, omegaconf = need("hydra", "omegaconf")
OmegaConf = omegaconf.OmegaConf


def folder():
    """Of the package's configs, found without importing what it trains with."""
    spec = importlib.util.find_spec("verl")
    if spec is None:
        need("verl")
    return str(pathlib.Path(spec.origin).parent / "trainer" / "config")


FOLDER = folder()
ACTOR = "actor_rollout_ref"
PARTS = {ACTOR: (f"{ACTOR}.model", f"{ACTOR}.actor.optim"), "critic": ("critic.model", "critic.optim")}
SFT = ("model", "optim")


def composed(name):
    with hydra.initialize_config_dir(FOLDER, version_base=None):
        config = hydra.compose(name)
    OmegaConf.set_struct(config, False)
    return config


def network(config, model, optim):
    """The numbers of one model, or None where it has no LoRA."""
    model, optim = OmegaConf.select(config, model), OmegaConf.select(config, optim)
    bridge = model.get("lora") or {}
    extra = optim.get("override_optimizer_config") or {}
    common = {"learningRate": optim.lr, "weightDecay": optim.weight_decay, "betas": list(optim.betas)}
    common |= {"maxGradNorm": optim.clip_grad, "eps": extra.get("eps", extra.get("adam_eps"))}
    if bridge.get("rank", 0) > 0:
        return {"rank": bridge.rank, "alpha": bridge.alpha, "dropout": bridge.dropout, **common}
    return {"rank": model.lora_rank, "alpha": model.lora_alpha, **common} if model.lora_rank > 0 else None


def without(config, model, optim):
    """The file's own keys, without those that a plan moves."""
    model, optim = OmegaConf.select(config, model) or {}, OmegaConf.select(config, optim) or {}
    for key in ("lora_alpha", "lora_rank"):
        model.pop(key, None)
    for key in ("alpha", "rank", "dropout"):
        (model.get("lora") or {}).pop(key, None)
    for key in ("lr", "weight_decay", "betas", "clip_grad", "override_optimizer_config", "min_lr", "lr_warmup_init"):
        optim.pop(key, None)


def read(path):
    own = OmegaConf.load(path)
    parts = [places for name, places in PARTS.items() if name in own] or [SFT]
    is_bridge = any((OmegaConf.select(own, f"{model}.lora.rank") or 0) > 0 for model, _ in parts)
    name = "sft_trainer_engine" if parts == [SFT] else "ppo_megatron_trainer" if is_bridge else "ppo_trainer"
    config = OmegaConf.merge(composed(name), own)
    networks = [network(config, *places) for places in parts]
    for places in parts:
        without(own, *places)
    rest = OmegaConf.to_container(own, resolve=False)
    return [{**each, "rest": rest} for each in networks if each is not None]


judge(read)
