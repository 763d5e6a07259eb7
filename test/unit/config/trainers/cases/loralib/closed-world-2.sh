python run_glue.py --do_train --learning_rate 4e-4 --apply_lora --lora_r 8 --lora_alpha 16 --lora_b_lr 1e-3
