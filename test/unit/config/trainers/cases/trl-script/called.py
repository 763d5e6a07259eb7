import trl
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, Seq2SeqTrainingArguments, Trainer, TrainingArguments
from trl import DPOConfig, DPOTrainer, GRPOConfig, GRPOTrainer, KTOTrainer, ORPOTrainer, SFTConfig, SFTTrainer


class Quiet(SFTTrainer):
    def log(self, logs, *more):
        pass


model = AutoModelForCausalLM.from_pretrained("base", quantization_config=BitsAndBytesConfig(load_in_4bit=True))
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"], bias="none")
args = TrainingArguments(output_dir="out", learning_rate=3e-4, bf16=True)
trainer = SFTTrainer(model=model, args=args, train_dataset=rows, peft_config=config)
trainer.train()
