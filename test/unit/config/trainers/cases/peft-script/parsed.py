from dataclasses import dataclass, field

import transformers
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer


@dataclass
class Settings(transformers.TrainingArguments):
    optim: str = field(default="adamw_torch", metadata={"help": "the optimizer"})
    learning_rate: float = field(default=2e-4)
    weight_decay: float = 0.01
    packed: bool = False


@dataclass
class Adapter:
    rank: int = 8
    alpha: int = field(default=16)


def main():
    parser = transformers.HfArgumentParser((Settings, Adapter))
    settings, adapter = parser.parse_args_into_dataclasses()
    model = AutoModelForCausalLM.from_pretrained("model")
    config = LoraConfig(r=adapter.rank, lora_alpha=adapter.alpha, target_modules=["q_proj"], task_type="CAUSAL_LM")
    model = get_peft_model(model, config)
    trainer = Trainer(model=model, args=settings, train_dataset=load(settings.packed))
    trainer.train()


main()
