from unsloth import FastLanguageModel, add_new_tokens
model = FastLanguageModel.get_peft_model(model, r=8, lora_alpha=8, )
