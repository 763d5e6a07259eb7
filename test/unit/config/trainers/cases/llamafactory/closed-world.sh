llamafactory-cli train --stage sft --finetuning_type lora --lora_rank 8 --lora_alpha 16 --learning_rate 1e-4 --bf16 --logging_steps 10
