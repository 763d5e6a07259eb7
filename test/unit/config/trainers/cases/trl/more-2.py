from peft import LoraConfig
from trl import GRPOConfig, Some
args = GRPOConfig(output_dir="o", learning_rate=1e-5)
trainer = Some(args=args, model=policy, train_dataset=rows, peft_config=LoraConfig(r=8, lora_alpha=16))
