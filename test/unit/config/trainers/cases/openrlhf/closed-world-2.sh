python -m openrlhf.cli.train_sft --ds.lora.rank 8 --adam.lr 1e-5 --adam.lr_b 1e-3
