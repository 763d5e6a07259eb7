accelerate launch train_network.py --network_module=networks.lora --network_dim=8 --network_alpha=4 --learning_rate=2e-3 --lr_scheduler=polynomial
