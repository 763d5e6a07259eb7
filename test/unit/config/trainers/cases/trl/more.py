from peft import LoraConfig
from trl import SFTConfig, SFTTrainer
trainer = SFTTrainer("m", args=SFTConfig("out", learning_rate=1e-4), peft_config=LoraConfig(r=8, lora_alpha=16))
trainer.train()
