accelerate launch train_dreambooth_lora_flux.py --rank=8 --lora_alpha=16 --learning_rate=1e-3 --optimizer=adamw
