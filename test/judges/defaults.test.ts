import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { planConfig } from '../../src/config/planned';
import { readConfig } from '../../src/config/read';
import { together } from './python';

type Defaults = Readonly<Record<string, unknown>>;

/** A script that gives a trainer an empty config of this class. */
const scriptOf = (module: string, config: string): string => `
from peft import LoraConfig
from ${module} import ${config}, SomeTrainer

args = ${config}(output_dir="out")
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])
trainer = SomeTrainer(model="m", args=args, train_dataset=rows, peft_config=config)
trainer.train()
`;

/** What we assume where the script says nothing; null where we say that it is not known. */
function assumedIn(text: string): Defaults {
  const reading = readConfig(text, 'train.py');
  const [recipe] = reading.recipes;
  if (!recipe) return {};
  const { learningRate, maxGradNorm, scheduler, optimizer } = recipe;
  const [plan] = planConfig(text, reading, 0, recipe.alpha * 4).plans;
  const fp16 = plan?.caveats.some(({ code }) => code === 'loss-scale') ?? null;
  const { name, weightDecay, betas, eps } = optimizer;
  return { learningRate, maxGradNorm, scheduler, optimizer: name, weightDecay, betas, eps, fp16 };
}

it("every default that we assume is that of the trainers' config classes", async ({ skip }) => {
  const [[, stdout] = [0, '']] = await together([[resolve('test/judges/defaults.py')]]);
  if (!stdout.startsWith('{')) skip(stdout.trim() || 'Python has no TRL');
  const classes = Object.entries(JSON.parse(stdout) as Record<string, Defaults>);
  expect(classes.length).toBeGreaterThan(20);
  const told = classes.flatMap(([path, defaults]) => {
    const [, module = '', config = ''] = /^(.+)\.(\w+)$/.exec(path) ?? [];
    const assumed = assumedIn(scriptOf(module, config));
    return Object.entries(defaults).flatMap(([field, value]) => {
      const ours = assumed[field] ?? null;
      return JSON.stringify(ours) === JSON.stringify(value)
        ? []
        : [`${path}.${field}: ${String(value)}, not ${String(ours)}`];
    });
  });
  expect(told).toEqual([]);
});
