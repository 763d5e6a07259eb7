python examples/grpo.py --use_peft --lora_r 8 --lora_alpha 16 --learning_rate 1e-5
