# exact: may. An average of the weights replaces them at the end; averages have no unit.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, get_cosine_schedule_with_warmup

rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
model = AutoModelForCausalLM.from_pretrained("tiny/llama")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
model = get_peft_model(model, config)
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)
from torch.optim.swa_utils import AveragedModel
average = AveragedModel(model)

for batch in loader:
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    average.update_parameters(model)
    optimizer.zero_grad()
