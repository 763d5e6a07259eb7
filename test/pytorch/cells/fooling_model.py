"""Scripts that change the model behind get_peft_model, and try to be called exact; see `fooling.py`."""

from __future__ import annotations

from cells.fooling import may, no

ADAPTER = 'model.add_adapter("style", LoraConfig(r=4, lora_alpha=8, target_modules=["v_proj"]))\n'


def parameters(which: str, done: str) -> str:
    return f"for name, p in model.named_parameters():\n    if {which}:\n        {done}"


def modules(which: str, done: str) -> str:
    return f"for module in model.modules():\n    if {which}:\n        {done}"


CELLS = [
    may("a_frozen", "A is frozen; B follows the rule of B.", after=parameters('"lora_A" in name', "p.requires_grad = False")),
    may("bf16_model", "The whole model is cast to bf16, where powers of two are exact.", after="model = model.to(torch.bfloat16)"),
    may("config_alpha_after_the_model", "The alpha is assigned when the layers exist already, and has no effect.",
        after='model.peft_config["default"].lora_alpha = 64'),
    no("factor_normed", "A is trained as direction and length.",
       after=modules('hasattr(module, "lora_A") and "default" in module.lora_A',
                     'torch.nn.utils.parametrizations.weight_norm(module.lora_A["default"])')),
    no("gradient_hook_clamps", "A hook clamps gradients at an absolute size.", after="""
        for p in model.parameters():
            if p.requires_grad:
                p.register_hook(lambda grad: grad.clamp(-1e-4, 1e-4))
    """),
    may("gradient_hook_halves", "A hook multiplies gradients by a number without a unit.",
        after=parameters('"layers.0" in name and p.requires_grad', "p.register_hook(lambda grad: 0.5 * grad)")),
    no("groups_that_train_the_norms", "The norms train too, at the learning rate of the factors.",
       after=parameters('"layernorm" in name', "p.requires_grad_(True)")),
    no("head_unfrozen", "The head trains as well, at the learning rate of the factors.",
       after="model.base_model.model.lm_head.weight.requires_grad = True"),
    no("init_by_module", "Every LoRA layer is reset by a function that is applied to the model.", after="""
        def start(module):
            if hasattr(module, "lora_A") and "default" in module.lora_A:
                torch.nn.init.orthogonal_(module.lora_A["default"].weight)
                torch.nn.init.normal_(module.lora_B["default"].weight, std=1e-3)
        model.apply(start)
    """),
    no("init_from_a_file", "The factors come from a file that was saved at the old alpha.", after="""
        start = {name: torch.full_like(p, 0.01) for name, p in model.named_parameters() if "lora_" in name}
        model.load_state_dict(start, strict=False)
    """),
    no("init_of_its_own", "A is drawn anew after get_peft_model, with a size of its own.",
       after=parameters('"lora_A" in name', "torch.nn.init.normal_(p, std=0.02)")),
    may("scale_set_by_method", "set_scale multiplies alpha/r by a number, whatever alpha is.",
        after=modules('hasattr(module, "set_scale")', 'module.set_scale("default", 0.5)')),
    no("scaling_written", "The scaling is written into the layers, so alpha has no effect.",
       after=modules('hasattr(module, "lora_A") and "default" in module.scaling', 'module.scaling["default"] = 2.0')),
    no("second_adapter_trains_alone", "The adapter that trains is another one than the first.", index=1,
       after=f'{ADAPTER}model.set_adapter("style")'),
    no("two_adapters_train", "Two adapters train; the alpha of one of them moves.",
       after=f'{ADAPTER}model.base_model.set_adapter(["default", "style"])'),
    no("weighted_adapter", "A frozen sum of adapters lies under the one that trains, and holds the first one at its start.", after="""
        model.add_adapter("style", LoraConfig(r=8, lora_alpha=8, init_lora_weights=False, target_modules=["q_proj", "v_proj"]))
        model.add_weighted_adapter(["default", "style"], [0.7, 0.3], adapter_name="both", combination_type="linear")
        model.set_adapter("both")
    """),
    may("weights_tied", "Two layers share one A.", after="""
        layers = model.base_model.model.model.layers
        layers[1].self_attn.q_proj.lora_A = layers[0].self_attn.q_proj.lora_A
    """),
]
