# exact: no. The model with LoRA is part of another, whose head trains whole beside it.
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM


class Weighed(torch.nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body
        self.head = torch.nn.Linear(1, 1)

    def forward(self, **batch):
        return self.head(self.body(**batch).loss.reshape(1, 1)).squeeze() ** 2


rows = torch.load("tiny/llama.pt")
loader = torch.utils.data.DataLoader(rows, batch_size=8)
torch.manual_seed(0)
net = Weighed(AutoModelForCausalLM.from_pretrained("tiny/llama"))
net.body = get_peft_model(net.body, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"]))
net.train()
optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.1)

for batch in loader:
    loss = net(**batch)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
