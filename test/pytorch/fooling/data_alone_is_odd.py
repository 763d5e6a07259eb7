# exact: may. Everything odd here is about the data.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

rows = torch.load("tiny/llama.pt")
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(
    r=8,
    lora_alpha=16,
    target_modules=["q_proj", "v_proj"],
)
model = get_peft_model(model, config)
args = TrainingArguments(
    output_dir="out",
    learning_rate=2e-3,
    max_steps=12,
    per_device_train_batch_size=8,
    report_to="none",
    save_strategy="no",
    max_grad_norm=0.0,
    weight_decay=0.1,
)
class Rows(torch.utils.data.Dataset):
    def __init__(self, rows, seed=3):
        order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))
        self.rows = [rows[i] for i in order]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]


rows = Rows(rows)
trainer = Trainer(model=model, args=args, train_dataset=rows)
trainer.train()
