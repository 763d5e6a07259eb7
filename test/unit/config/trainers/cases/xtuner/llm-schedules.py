from mmengine.optim import AmpOptimWrapper, CosineAnnealingLR, LinearLR
from peft import LoraConfig
from torch.optim import AdamW
from xtuner.model import SupervisedFinetune
lr = 2e-3
model = dict(type=SupervisedFinetune, llm=dict(), lora=dict(type=LoraConfig, r=8, lora_alpha=4))
optim_wrapper = dict(type=AmpOptimWrapper, optimizer=dict(type=AdamW, lr=lr), clip_grad=dict(max_norm=1))
param_scheduler = [dict(type=LinearLR, start_factor=1e-5), dict(type=CosineAnnealingLR, eta_min=1e-4)]
