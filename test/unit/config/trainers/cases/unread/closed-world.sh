accelerate launch train_cosmos_predict25_lora.py --lora_rank 16 --lora_alpha 32 --learning_rate=1e-4 --lora_b_lr 1e-3
