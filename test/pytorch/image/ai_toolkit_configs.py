"""Configs of ai-toolkit by name, for Stable Diffusion 1, and one for Flux."""

from comparing import STEPS


def config(*train: str, network: str = "", kwargs: str = "{}", clip: float = 1e6) -> str:
    return f"""job: extension
config:
  name: a
  process:
    - type: sd_trainer
      device: cpu
      network:
        type: lora
        linear: 8
        linear_alpha: 4
{network}        network_kwargs: {kwargs}
      train:
        steps: {STEPS}
        train_unet: true
        train_text_encoder: true
        max_grad_norm: {clip}
{"".join(f"        {line}{chr(10)}" for line in train)}      model:
        name_or_path: tiny
"""


ADAMW = ("optimizer: adamw", "lr: 0.002")
ADAGRAD = ("optimizer: adagrad", "lr: 0.002")
COSINE = ("lr_scheduler: cosine", "lr_scheduler_params:", "  eta_min: 0.001")

SOME = "{only_if_contains: [to_q, to_v]}"
"""DoRA in ai-toolkit does not support convolutions."""

CONFIGS = {
    "ai-toolkit, adamw": config(*ADAMW),
    "ai-toolkit, adamw, clipped": config(*ADAMW, clip=0.01),
    "ai-toolkit, prodigy": config("optimizer: prodigy", "lr: 1.0"),
    "ai-toolkit, adafactor": config("optimizer: adafactor", "lr: 0.002"),
    "ai-toolkit, adafactor, never clipped": config("optimizer: adafactor", "lr: 0.002", clip=0.01),
    "ai-toolkit, Adafactor, clipped": config("optimizer: Adafactor", "lr: 0.002", clip=0.01),
    "ai-toolkit, automagic": config("optimizer: automagic", "lr: 0.0001"),
    "ai-toolkit, automagic3": config("optimizer: automagic3", "lr: 0.0001"),
    "ai-toolkit, lion": config("optimizer: lion", "lr: 0.0001", clip=0.01),
    "ai-toolkit, adagrad, clipped": config(*ADAGRAD, clip=0.01),
    "ai-toolkit, adagrad, cosine with a floor": config(*ADAGRAD, *COSINE),
    "ai-toolkit, adagrad, warm-up": config(
        *ADAGRAD, "lr_scheduler: constant_with_warmup", "lr_scheduler_params:", "  num_warmup_steps: 3"
    ),
    "ai-toolkit, adagrad, linear": config(
        *ADAGRAD, "lr_scheduler: linear", "lr_scheduler_params:", "  start_factor: 0.5", "  end_factor: 0.25"
    ),
    "ai-toolkit, convolutions": config(*ADAGRAD, network="        conv: 4\n        conv_alpha: 2\n"),
    "ai-toolkit, convolutions without an alpha": config(*ADAGRAD, network="        conv: 4\n"),
    "ai-toolkit, some layers": config(*ADAGRAD, kwargs=SOME),
    "ai-toolkit, DoRA": config(*ADAGRAD, kwargs=SOME).replace("type: lora", "type: dora"),
}

FLUX = config(*ADAGRAD).replace("text_encoder: true", "text_encoder: false") + "        is_flux: true\n"
