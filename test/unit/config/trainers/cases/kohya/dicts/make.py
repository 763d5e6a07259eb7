import toml

def write_config(path, choice):
    config = {
        "additional_network_arguments": {"network_module": "networks.lora", "network_dim": 16, "network_alpha": 8},
        "optimizer_arguments": {"optimizer_type": "AdamW8bit", "learning_rate": 1e-4, "optimizer_args": ["weight_decay=0.1"]},
        "training_arguments": {"seed": 1},
    }
    with open(path, "w") as file:
        file.write(toml.dumps(config))
