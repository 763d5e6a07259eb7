"""TRL in scripts: the script is run by Python, and what LoraConfig and the trainer's config are given."""

# Before judging, which takes this folder off the path.
from running import reading
from judging import judge  # isort: skip

judge(lambda path: reading(path, ["LoraConfig"], ["DPOConfig"]), (".py",))
