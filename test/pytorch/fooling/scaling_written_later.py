# exact: no. The scaling changes in a callback half way.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from transformers import TrainerCallback

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
class Scale(TrainerCallback):
    def on_step_begin(self, args, state, control, model=None, **kwargs):
        for module in model.modules():
            if hasattr(module, "lora_A"):
                module.scaling["default"] = min(2.0, 0.2 * (1 + state.global_step))
trainer = Trainer(model=model, args=args, train_dataset=rows, callbacks=[Scale()])
trainer.train()
