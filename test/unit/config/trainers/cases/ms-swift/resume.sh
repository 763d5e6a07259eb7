FIRST=
swift sft --tuner_type lora --lora_rank 8 --lora_alpha 16 --learning_rate 1e-4 --adapters $FIRST
