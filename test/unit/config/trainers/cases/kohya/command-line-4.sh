accelerate launch train_network.py --network_dim 8 --network_alpha 4 --unet_lr 1e-4 --network_module networks.lora
python mine.py --lora_r 8 --lora_alpha 16 --learning_rate 1e-4
python other.py --lora_r 8 --lora_alpha 16 --learning_rate 1e-4 --weight_decay 0.1
