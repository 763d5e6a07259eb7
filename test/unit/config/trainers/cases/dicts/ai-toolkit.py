from toolkit.job import run_job

job = {
    "job": "extension",
    "config": {
        "name": "cat",
        "process": [
            {
                "type": "sd_trainer",
                "network": {"type": "lora", "linear": 16, "linear_alpha": 8},
                "train": {"lr": 1e-4, "optimizer": "adamw8bit", "steps": 900},
                "model": {"name_or_path": "runwayml/stable-diffusion-v1-5"},
            }
        ],
    },
}
run_job(job)
