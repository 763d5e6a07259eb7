"""PEFT: LoraConfig from adapter_config.json, as get_peft_model and from_pretrained see it."""

from judging import PEFT, judge, need, split

(peft,) = need("peft")

NAMES = {**PEFT, "r": "rank"}


def read(path):
    config = peft.PeftConfig.from_peft_type(**peft.LoraConfig.from_json_file(path))
    values = config.to_dict()
    ranks, alphas = values.pop("rank_pattern"), values.pop("alpha_pattern")
    base = split(values, NAMES)
    modules = list(dict.fromkeys([*ranks, *alphas]))
    return [
        base,
        *({**base, "rank": ranks.get(name, config.r), "alpha": alphas.get(name, config.lora_alpha)} for name in modules),
    ]


judge(read)
