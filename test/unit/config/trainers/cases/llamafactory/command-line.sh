llamafactory-cli train --stage sft --do_train true --finetuning_type lora --adapter_name_or_path $FIRST
