import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adapterConfigAt, adapterDiffers, adapterNumbers } from '../../../../src/config/compare/adapter-differs';
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
  const adapter = adapterNumbers(trained);
  const onward = reading.findings.filter(({ goesOn }) => goesOn?.from === 'out/first');
  return onward.map((finding) => {
    const differs = adapterDiffers(source, reading, finding, adapter);
    return differs?.message ?? null;
  });
}

const TRAINED = 'out/first was trained with';
const MULTIPLIED = (k: string): string =>
  `of this file counts: what the adapter learned is multiplied by ${k} from the first step on.`;
const DIVIDE = 'Or divide the loaded factors.';

describe('an adapter and the file of the run that goes on from it', () => {
  it.each([
    ['the file, which has the same', 'resume_from_checkpoint', KEEPS, null],
    [
      'the file, which has another scaling',
      'resume_from_checkpoint',
      { r: 8, lora_alpha: 16 },
      `${TRAINED} scaling 2. The scaling 8 ${MULTIPLIED('4')} Set lora_alpha = 16. ${DIVIDE}`,
    ],
    [
      'the file, without rank stabilisation',
      'resume_from_checkpoint',
      { r: 8, lora_alpha: 16, use_rslora: true },
      `${TRAINED} scaling 5.657. The scaling 8 ${MULTIPLIED('1.414')} Set lora_alpha = 45.2548339959. ${DIVIDE}`,
    ],
    [
      'the file, which has another rank',
      'resume_from_checkpoint',
      { r: 16, lora_alpha: 128 },
      'out/first has rank 16. Its factors do not fit into rank 8. Set lora_rank = 16, lora_alpha = 128.',
    ],
    ['the adapter, which has the same', 'adapter_name_or_path', KEEPS, null],
    [
      'the adapter, which has others',
      'adapter_name_or_path',
      { r: 16, lora_alpha: 16 },
      `${TRAINED} rank 16 and scaling 1. The run goes on with these, not with the rank 8 and scaling 8 of this file. Set lora_rank = 16, lora_alpha = 16.`,
    ],
  ])('the alpha is that of %s', (_, key, numbers, expected) => {
    expect(said(key, numbers)).toEqual([expected]);
  });

  it('names an alpha that follows the rank', () => {
    const text = LLAMA_FACTORY.replace('lora_alpha: 64\n', '');
    expect(said('resume_from_checkpoint', { r: 16, lora_alpha: 32 }, text)).toEqual([
      expect.stringMatching(/do not fit .* Set lora_rank = 16, lora_alpha = 32\./),
    ]);
  });

  it('gives the scaling of a script, whose checkpoint the trainer is told by an argument or a name', () => {
    for (const given of ['resume_from_checkpoint="out/first"', 'resume_from_checkpoint=LAST']) {
      const script = `from peft import LoraConfig, get_peft_model
LAST = "out/first"
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=64))
trainer = Trainer(model=model, args=TrainingArguments(output_dir="out", learning_rate=1e-4))
trainer.train(${given})
`;
      expect(said('', { r: 8, lora_alpha: 16 }, script, 'train.py')).toEqual([
        `${TRAINED} scaling 2. The scaling 8 ${MULTIPLIED('4')} Set lora_alpha = 16. ${DIVIDE}`,
      ]);
    }
  });

  it('names no alpha that the trainer does not take', () => {
    const text = 'adapter: lora\nlora_r: 8\nlora_alpha: 64\nresume_from_checkpoint: out/first\n';
    expect(said('', { r: 8, lora_alpha: 16, use_rslora: true }, text)).toEqual([
      expect.stringContaining('The adapter needs alpha 45.2548339959; Axolotl takes whole alphas only.'),
    ]);
  });

  it('offers no alpha to a trainer that has none', () => {
    const text =
      "output_dir = 'x'\n[model]\ntype = 'flux'\n[adapter]\ntype = 'lora'\nrank = 8\ninit_from_existing = 'out/first'\n";
    expect(said('', { r: 8, lora_alpha: 16 }, text, 'train.toml')).toEqual([
      `${TRAINED} scaling 2. The scaling 1 ${MULTIPLIED('0.5')} diffusion-pipe has no alpha: it sets it to the rank. ${DIVIDE}`,
    ]);
  });

  it('knows a trainer that takes alpha from the weights, but refuses another rank', () => {
    const text = readFileSync('test/fixtures/trainers/onetrainer/config.json', 'utf8').replace(
      '{',
      '{ "lora_model_name": "out/first",',
    );
    const [own] = readConfig(text, 'a.json').recipes;
    if (!own) throw new Error('no recipe');
    const [, other] = [own, own.rank * 2];
    expect(said('', { r: other, lora_alpha: own.alpha }, text, 'a.json')).toEqual([
      `out/first has rank ${other}. Its factors do not fit into rank ${own.rank}. Set lora_rank = ${other}.`,
    ]);
    expect(said('', { r: own.rank, lora_alpha: own.alpha * 4 }, text, 'a.json')[0]).toContain(
      'The run goes on with these',
    );
  });

  it('says nothing of a number that only a run could tell', () => {
    const command = 'llamafactory-cli train --finetuning_type lora --lora_rank 8 --lora_alpha $ALPHA';
    const text = `ALPHA=64\nif x; then ALPHA=32; fi\n${command} --resume_from_checkpoint out/first\n`;
    expect(said('', { r: 8, lora_alpha: 16 }, text, 'train.sh')).toEqual([null]);
  });

  it('says nothing where the run does not go on, or its path is no text', () => {
    expect(said('output_dir', KEEPS)).toEqual([]);
    expect(said('resume_from_checkpoint', KEEPS, LLAMA_FACTORY.replace('out/first', 'true'))).toEqual([]);
  });

  it('says nothing of a file with several recipes, since its finding names none', () => {
    const text = LLAMA_FACTORY.replace('KEY', 'resume_from_checkpoint');
    const reading = readConfig(text, 'train.yaml');
    const [finding] = reading.findings.filter(({ goesOn }) => goesOn);
    const [recipe] = reading.recipes;
    if (!finding || !recipe) throw new Error('no finding');
    const twice = { ...reading, recipes: [recipe, { ...recipe, name: 'text encoder' }] };
    expect(adapterDiffers(text, twice, finding, { ...adapterNumbers(recipe), scaling: 1 })).toBeNull();
  });
});
