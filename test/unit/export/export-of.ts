import { configRecipe } from '../../../src/config/plan/as-trained';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import type { ExportRequest } from '../../../src/export/refusal';
import type { PlanId } from '../../../src/recipe/plans/plan';
import type { Target } from '../../../src/recipe/target';

/** What an export of a text is made from: a recipe, the first unless given, and the given plan or the best one. */
export function requestOf(
  text: string,
  name: string,
  target: Target,
  id?: PlanId,
  digits = 6,
  index = 0,
): ExportRequest {
  const reading = readConfig(text, name);
  const chosen = configRecipe(text, reading, index);
  if (!chosen) throw new Error(`${name} has no recipe: ${JSON.stringify(reading.findings)}`);
  const plans = planConfig(text, reading, index, target, { digits });
  const plan = plans.plans.find((one) => id === undefined || one.id === id);
  if (!plan) throw new Error(`${name} has no plan ${id ?? ''}: ${plans.refusal?.message ?? ''}`);
  return { ...chosen, name, plans, plan };
}

type Parts = Partial<Record<'lora' | 'args' | 'before' | 'handed' | 'imports', string>>;

/** A training script with PEFT and Hugging Face's Trainer. */
export function script({ lora = '', args = '', before = '', handed = '', imports = '' }: Parts = {}): string {
  return `import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
${imports}
rows = torch.load("rows.pt")
model = AutoModelForCausalLM.from_pretrained("my/model")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"]${lora})
model = get_peft_model(model, config)
args = TrainingArguments(output_dir="out", learning_rate=2e-3, max_steps=12${args})
${before}
trainer = Trainer(model=model, args=args, train_dataset=rows${handed})
trainer.train()
`;
}

/** A training script with Unsloth; get_peft_model gets these arguments too. */
export function unsloth(lora = ''): string {
  return `from trl import SFTConfig, SFTTrainer
from unsloth import FastLanguageModel

model, tokenizer = FastLanguageModel.from_pretrained(model_name="my/llama", load_in_4bit=True)
model = FastLanguageModel.get_peft_model(model, lora_alpha=16, target_modules=["q_proj"], ${lora})
args = SFTConfig(output_dir="out", learning_rate=2e-4, per_device_train_batch_size=2)
trainer = SFTTrainer(model=model, processing_class=tokenizer, args=args)
trainer.train()
`;
}

/** A config of Axolotl with further lines. */
export function axolotl(...lines: string[]): string {
  const base = 'base_model: my/llama\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 2e-4';
  return [base, ...lines, ''].join('\n');
}
