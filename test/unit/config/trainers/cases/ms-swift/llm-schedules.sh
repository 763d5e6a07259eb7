swift sft --model m --dataset d --tuner_type lora --lora_rank 8 --lora_alpha 4 --learning_rate 2e-3 --lr_scheduler_type cosine_with_min_lr --lr_scheduler_kwargs '{"min_lr": 5e-4}'
