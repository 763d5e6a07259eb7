"""loralib: the script is run by Python, and what its layers of a rank above 0 and the optimizer are given."""

# Before judging, which takes this folder off the path.
from running import reading
from judging import judge  # isort: skip


def read(path):
    networks = reading(path, ["Linear", "MergedLinear"], [], ["AdamW"])
    return [network for network in networks if network["rank"] > 0]


judge(read, (".py",))
