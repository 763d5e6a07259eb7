from swift.llm import TrainArguments, sft_main


def main(lr: float):
    return sft_main(TrainArguments(
        model="tiny/base",
        dataset=["tiny/talks#500"],
        lora_rank=16,
        lora_alpha=32,
        learning_rate=2e-4,
        weight_decay=0.01,
    ))
