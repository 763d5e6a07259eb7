# exact: no. Another program changes the trainer's own module before it trains.
sed -i 's/alpha \/ lora_dim/1.0/' networks/lora.py
accelerate launch train_network.py --network_module networks.lora --network_dim 8 --network_alpha 16 \
  --pretrained_model_name_or_path model --optimizer_type AdamW --learning_rate 1e-4 --mixed_precision bf16 \
  --max_grad_norm 0 --optimizer_args weight_decay=0.1
