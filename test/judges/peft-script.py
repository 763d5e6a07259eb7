"""PEFT in scripts: the script is run by Python, and what LoraConfig, the training arguments and the optimizer are given."""

# Before judging, which takes this folder off the path.
from running import reading
from judging import judge  # isort: skip

judge(lambda path: reading(path, ["LoraConfig"], ["TrainingArguments"], ["AdamW", "create_loraplus_optimizer"]), (".py",))
