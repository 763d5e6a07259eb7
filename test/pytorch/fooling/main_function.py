# exact: may. Everything stands in a function, whose defaults are the numbers.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments


def main(alpha=16, rate=2e-3):
    rows = torch.load("tiny/llama.pt")
    model = AutoModelForCausalLM.from_pretrained("tiny/llama")
    config = LoraConfig(
        r=8,
        lora_alpha=alpha,
        target_modules=["q_proj", "v_proj"],
    )
    model = get_peft_model(model, config)
    args = TrainingArguments(
        output_dir="out",
        learning_rate=rate,
        max_steps=12,
        per_device_train_batch_size=8,
        report_to="none",
        save_strategy="no",
        max_grad_norm=0.0,
        weight_decay=0.1,
    )
    trainer = Trainer(model=model, args=args, train_dataset=rows)
    trainer.train()


if __name__ == "__main__":
    main()
