python train_network.py --network_module networks.lora --network_dim 8 \ 
  --network_alpha 4
