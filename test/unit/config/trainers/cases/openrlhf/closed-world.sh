python -m openrlhf.cli.train_ppo_ray --ds.lora.rank 8 --actor.adam.lr 1e-6 --critic.adam.lr 9e-6 --actor.eps_clip 0.2 --ds.adam_offload
