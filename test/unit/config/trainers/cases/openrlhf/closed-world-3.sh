python -m openrlhf.cli.train_sft --lora_rank 8 --learning_rate 1e-5 --lora_b_lr 1e-3
