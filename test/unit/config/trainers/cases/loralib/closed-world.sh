python run_glue.py --do_train --learning_rate 4e-4 --apply_lora --lora_r 8 --lora_alpha 16 --warmup_ratio 0.06 --weight_decay 0.1 --max_seq_length 512
