"""Configs by name; each is read, planned, rewritten and trained."""


def config(*lines: str, module: str = "networks.lora", rate: str = "2e-3", clip: str = "0") -> str:
    head = [f'network_module = "{module}"', "network_dim = 8", "network_alpha = 4", f"learning_rate = {rate}"]
    return "\n".join([*head, f"max_grad_norm = {clip}", *lines, ""])


def lycoris(*args: str, lines: tuple[str, ...] = ()) -> str:
    preset = "preset=unet-convblock-only" if "algo=locon" in args else "preset=attn-mlp"
    return config(f"network_args = {[*args, preset]}".replace("'", '"'), *lines, module="lycoris.kohya")


CONFIGS = {
    "sd-scripts": config(),
    "sd-scripts, clipped": config(clip="0.01"),
    "sd-scripts, convolutions": config('network_args = ["conv_dim=4", "conv_alpha=2"]'),
    "sd-scripts, two rates": config("unet_lr = 1e-3", "text_encoder_lr = 5e-4"),
    "sd-scripts, SGD": config('optimizer_type = "SGD"', 'optimizer_args = ["momentum=0.9"]', rate="0.5"),
    "sd-scripts, LoRA+": config('network_args = ["loraplus_lr_ratio=4"]', 'optimizer_args = ["weight_decay=0", "eps=1e-30"]'),
    "sd-scripts, max-norm": config("scale_weight_norms = 0.01"),
    "sd-scripts, OneCycleLR": config(
        'lr_scheduler_type = "OneCycleLR"', 'lr_scheduler_args = ["max_lr=2e-3", "total_steps=7"]'
    ),
    "sd-scripts, CyclicLR": config(
        'lr_scheduler_type = "CyclicLR"',
        'lr_scheduler_args = ["base_lr=1e-4", "max_lr=2e-3", "step_size_up=3", "cycle_momentum=False"]',
    ),
    "sd-scripts, eta_min": config(
        'lr_scheduler_type = "CosineAnnealingLR"', 'lr_scheduler_args = ["T_max=6", "eta_min=1e-3"]'
    ),
    "sd-scripts, polynomial": config('lr_scheduler = "polynomial"', rate="2e-6"),
    "sd-scripts, polynomial with an end": config('lr_scheduler = "polynomial"', 'lr_scheduler_args = ["lr_end=1e-3"]'),
    "sd-scripts, cosine with a floor": config(
        'lr_scheduler = "cosine_with_min_lr"', 'lr_scheduler_args = ["min_lr=1e-3"]'
    ),
    "LyCORIS": lycoris("algo=locon", "conv_dim=4", "conv_alpha=2"),
    "LyCORIS, no Tucker": lycoris("algo=locon", "conv_dim=4", "conv_alpha=2", "use_tucker=False"),
    "LyCORIS, Tucker": lycoris("algo=locon", "conv_dim=4", "conv_alpha=2", "use_tucker=True"),
    "LyCORIS, Tucker by its old name": lycoris("algo=locon", "conv_dim=4", "conv_alpha=2", "use_cp=1"),
    "LyCORIS, scalar": lycoris("algo=lora", "use_scalar=1"),
    "LyCORIS, norms": lycoris("algo=lora", "train_norm=1"),
    "LyCORIS, DoRA": lycoris("algo=lora", "dora_wd=1"),
    "LyCORIS, rank-stabilised": lycoris("algo=lora", "rs_lora=yes"),
    "LyCORIS, LoRA+": lycoris(
        "algo=lora", "loraplus_lr_ratio=4", lines=('optimizer_args = ["weight_decay=0", "eps=1e-30"]',)
    ),
}
