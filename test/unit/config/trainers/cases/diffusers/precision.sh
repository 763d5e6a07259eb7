accelerate launch --config_file accelerate.yaml train_dreambooth_lora_flux.py --pretrained_model_name_or_path m --instance_prompt p --dataset_name d --rank 8 --lora_alpha 16
