from peft import LoraConfig
from transformers import BitsAndBytesConfig
from trl import SFTConfig, SFTTrainer
quantisation = BitsAndBytesConfig(load_in_4bit=True)
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])
args = SFTConfig("out", learning_rate=1e-4, max_grad_norm=0.0, model_init_kwargs={"quantization_config": quantisation})
trainer = SFTTrainer("some/model", args=args, train_dataset=data, peft_config=config)
trainer.train()
