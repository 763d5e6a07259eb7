"""Unsloth: the script is run by Python, and what get_peft_model and the training arguments are given."""

# Before judging, which takes this folder off the path.
from running import reading
from judging import judge  # isort: skip

judge(lambda path: reading(path, ["get_peft_model"], ["SFTConfig", "UnslothTrainingArguments"]), (".py",))
