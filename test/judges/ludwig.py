"""Ludwig: its own schemas of adapter and trainer, with the defaults they fill in."""

from judging import OPTIMIZER, judge, need, split, text_of

yaml, peft, trainers = need("yaml", "ludwig.schema.llms.peft", "ludwig.schema.trainer")

ADAPTER = {
    **{"r": "rank", "alpha": "alpha", "dropout": "dropout", "use_rslora": "useRslora", "use_dora": "useDora"},
    "loraplus_lr_ratio": "loraplusLrRatio",
}


def read(path):
    config = yaml.safe_load(text_of(path))
    given = config.pop("adapter")
    adapter = peft.LoraConfig.from_dict({"type": given} if isinstance(given, str) else given).to_dict()
    trainer = trainers.FineTuneTrainerConfig.from_dict(config.pop("trainer")).to_dict()
    adapter = split(adapter, ADAPTER)
    optimizer = split(trainer.pop("optimizer"), {**OPTIMIZER, "momentum": "momentum"})
    # create_clipper takes its default where there is none.
    clip = dict(trainer.pop("gradient_clipping") or {"clipglobalnorm": 0.5, "clipnorm": None, "clipvalue": None})
    norm = clip.pop("clipglobalnorm")
    rate = trainer.pop("learning_rate")
    rest = {"adapter": adapter.pop("rest"), "optimizer": optimizer.pop("rest"), "trainer": trainer, **config, "clip": clip}
    return {**adapter, **optimizer, "learningRate": rate, "maxGradNorm": norm or 0, "rest": rest}


judge(read)
