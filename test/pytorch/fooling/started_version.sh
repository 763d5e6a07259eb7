# exact: may. What is started besides looks at versions and data.
python -c "import torch; print(torch.__version__)"
pip install -q peft && mkdir -p data && wget -q https://example.org/images.zip -O data/images.zip
accelerate launch train_network.py --network_module networks.lora --network_dim 8 --network_alpha 16 \
  --pretrained_model_name_or_path model --optimizer_type AdamW --learning_rate 1e-4 --mixed_precision bf16 \
  --max_grad_norm 0 --optimizer_args weight_decay=0.1
