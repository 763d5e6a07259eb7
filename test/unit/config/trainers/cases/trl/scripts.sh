torchrun --nproc_per_node 2 training/grpo_training.py --model_name_or_path m --use_peft --lora_r 8 --lora_alpha 16 --learning_rate 1e-5
