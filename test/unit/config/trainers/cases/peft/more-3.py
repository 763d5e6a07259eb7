from peft import LoraConfig
c = LoraConfig(r=8, lora_alpha=16, task_type="SEQ_CLS")
