megatron sft --model m --dataset d --tuner_type lora --lora_rank 8 --lora_alpha 16 --lr 1e-4
