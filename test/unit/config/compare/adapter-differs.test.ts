import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adapterConfigAt, adapterDiffers } from '../../../../src/config/compare/adapter-differs';
import { readConfig } from '../../../../src/config/read';

describe('where a trained adapter says its numbers', () => {
  it.each([
    ['out/first', 'out/first/adapter_config.json'],
    ['out/first/', 'out/first/adapter_config.json'],
    ['C:\\out\\first', 'C:/out/first/adapter_config.json'],
    ['/data/first/adapter_model.safetensors', '/data/first/adapter_config.json'],
    ['/data/first/style.safetensors', null],
    ['style.pt', null],
    ['adapters.npz', 'adapter_config.json'],
    ['/', '/adapter_config.json'],
  ])('of %s', (from, config) => {
    expect(adapterConfigAt({ from, alphaOf: 'file' })).toBe(config);
  });
});

const LLAMA_FACTORY = `finetuning_type: lora
lora_rank: 8
lora_alpha: 64
KEY: out/first
learning_rate: 1.0e-4
`;
const KEEPS = { r: 8, lora_alpha: 64 };

/** What is said and offered beside the finding at `key`, where the adapter there has these numbers. */
function said(key: string, numbers: object, text = LLAMA_FACTORY, path = 'train.yaml'): (string | null)[] {
  const source = text.replace('KEY', key);
  const reading = readConfig(source, path);
  const [trained] = readConfig(
    JSON.stringify({ peft_type: 'LORA', target_modules: ['q_proj'], ...numbers }),
    'adapter_config.json',
  ).recipes;
  if (!trained) throw new Error('no adapter');
  const onward = reading.findings.filter(({ goesOn }) => goesOn?.from === 'out/first');
  return onward.map((finding) => {
    const differs = adapterDiffers(source, reading, finding, trained);
    return differs?.message ?? null;
  });
}

type Said = Parameters<typeof said>;

const resumed = (given: string): string => `from peft import LoraConfig, get_peft_model
LAST = "out/first"
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=64))
trainer = Trainer(model=model, args=TrainingArguments(output_dir="out", learning_rate=1e-4))
trainer.train(${given})
`;
const RESUME = 'resume_from_checkpoint';
const NO_ALPHA = LLAMA_FACTORY.replace('lora_alpha: 64\n', '');
const AXOLOTL = 'adapter: lora\nlora_r: 8\nlora_alpha: 64\nresume_from_checkpoint: out/first\n';
const PIPE =
  "output_dir = 'x'\n[model]\ntype = 'flux'\n[adapter]\ntype = 'lora'\nrank = 8\ninit_from_existing = 'out/first'\n";
const COMMAND = 'llamafactory-cli train --finetuning_type lora --lora_rank 8 --lora_alpha $ALPHA';
const SHELL = `ALPHA=64\nif x; then ALPHA=32; fi\n${COMMAND} --resume_from_checkpoint out/first\n`;
const OTHER = { r: 8, lora_alpha: 16 };
// OneTrainer takes alpha from the weights, but refuses another rank: here it is 32, and alpha 16.
const FIXTURE = readFileSync('test/fixtures/trainers/onetrainer/config.json', 'utf8');
const ONETRAINER = FIXTURE.replace('{', '{ "lora_model_name": "out/first",');

/** What is said of each is in adapter-differs.txt; `vitest -u` writes it anew. */
const CASES: Readonly<Record<string, Said>> = {
  'alpha of the file, which has the same': [RESUME, KEEPS],
  'alpha of the file, which has another scaling': [RESUME, OTHER],
  'alpha of the file, without rank stabilisation': [RESUME, { ...OTHER, use_rslora: true }],
  'alpha of the file, which has another rank': [RESUME, { r: 16, lora_alpha: 128 }],
  'alpha of the adapter, which has the same': ['adapter_name_or_path', KEEPS],
  'alpha of the adapter, which has others': ['adapter_name_or_path', { r: 16, lora_alpha: 16 }],
  'an alpha that follows the rank': [RESUME, { r: 16, lora_alpha: 32 }, NO_ALPHA],
  'a script whose trainer is told by an argument': ['', OTHER, resumed(`${RESUME}="out/first"`), 'train.py'],
  'a script whose trainer is told by a name': ['', OTHER, resumed(`${RESUME}=LAST`), 'train.py'],
  'an alpha that the trainer does not take': ['', { ...OTHER, use_rslora: true }, AXOLOTL],
  'a trainer that has no alpha': ['', OTHER, PIPE, 'train.toml'],
  'a trainer that refuses another rank': ['', { r: 64, lora_alpha: 16 }, ONETRAINER, 'a.json'],
  'a trainer that takes alpha from the weights': ['', { r: 32, lora_alpha: 64 }, ONETRAINER, 'a.json'],
  'a number that only a run could tell': ['', OTHER, SHELL, 'train.sh'],
  'a run that does not go on': ['output_dir', KEEPS],
  'a path that is no text': [RESUME, KEEPS, LLAMA_FACTORY.replace('out/first', 'true')],
};

describe('an adapter and the file of the run that goes on from it', () => {
  it('differ by what is said', async () => {
    const texts = Object.entries(CASES).map(
      ([title, asked]) =>
        `--- ${title}\n${said(...asked)
          .map((each) => `${each ?? 'nothing'}\n`)
          .join('')}`,
    );
    await expect(texts.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'adapter-differs.txt'));
  });

  it('says nothing of a file with several recipes, since its finding names none', () => {
    const text = LLAMA_FACTORY.replace('KEY', 'resume_from_checkpoint');
    const reading = readConfig(text, 'train.yaml');
    const [finding] = reading.findings.filter(({ goesOn }) => goesOn);
    const [recipe] = reading.recipes;
    if (!finding || !recipe) throw new Error('no finding');
    const twice = { ...reading, recipes: [recipe, { ...recipe, name: 'text encoder' }] };
    expect(adapterDiffers(text, twice, finding, { ...recipe, scaling: 1 })).toBeNull();
  });
});
