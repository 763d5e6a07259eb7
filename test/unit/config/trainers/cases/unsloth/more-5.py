from unsloth import FastLanguageModel
from trl import SFTConfig, SFTTrainer

lora_rank = 32

model, tokenizer = FastLanguageModel.from_pretrained("unsloth/Qwen3-4B", max_seq_length = 2048, load_in_4bit = True)
model = FastLanguageModel.get_peft_model(
    model,
    r = lora_rank, # Choose any number > 0
    target_modules = ["q_proj", "k_proj", "v_proj", "o_proj",
                      "gate_proj", "up_proj", "down_proj", "embed_tokens"],
    lora_alpha = 64,
    lora_dropout = 0,
    use_rslora = False,
)
trainer = SFTTrainer(
    model = model,
    train_dataset = dataset,
    args = UnslothTrainingArguments(
        per_device_train_batch_size = 2,
        learning_rate = 2e-4, embedding_learning_rate = 2e-5, # Reduce to 2e-5 for long training runs
        lr_scheduler_type = "linear",
    ),
)
