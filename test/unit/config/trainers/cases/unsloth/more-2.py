from unsloth import FastLanguageModel, add_new_tokens
add_new_tokens(model, tokenizer, new_tokens=["<a>"])
model = FastLanguageModel.get_peft_model(model, r=8, lora_alpha=8, random_state=1, finetune_vision_layers=False, layers_to_transform=[0])
