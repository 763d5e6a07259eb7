# before
llamafactory-cli train --finetuning_type lora --optim sgd --lora_rank 8 --lora_alpha $a --learning_rate 0.1 --max_grad_norm 0 --weight_decay 0
