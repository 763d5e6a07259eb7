import { describe, expect, it } from 'vitest';
import { adapterConfigAt, adapterDiffers } from '../../../../src/config/compare/adapter-differs';
import { readConfig } from '../../../../src/config/read';

describe('where the config of a trained adapter is', () => {
  it.each([
    ['out/first', 'out/first/adapter_config.json'],
    ['out/first/', 'out/first/adapter_config.json'],
    ['C:\\out\\first', 'C:/out/first/adapter_config.json'],
    ['/data/first/adapter_model.safetensors', '/data/first/adapter_config.json'],
    ['adapters.npz', 'adapter_config.json'],
    ['/', '/adapter_config.json'],
  ])('of %s', (from, expected) => {
    expect(adapterConfigAt({ from, alphaOf: 'file' })).toBe(expected);
  });
});

const LLAMA_FACTORY = `finetuning_type: lora
lora_rank: 8
lora_alpha: 64
KEY: out/first
learning_rate: 1.0e-4
`;
const KEEPS = { r: 8, lora_alpha: 64 };

/** What is said beside the finding at `key`, where the adapter there has these numbers. */
function said(key: string, numbers: object, text = LLAMA_FACTORY): (string | null)[] {
  const reading = readConfig(text.replace('KEY', key), 'train.yaml');
  const [adapter] = readConfig(
    JSON.stringify({ peft_type: 'LORA', target_modules: ['q_proj'], ...numbers }),
    'adapter_config.json',
  ).recipes;
  if (!adapter) throw new Error('no adapter');
  const onward = reading.findings.filter(({ goesOn }) => goesOn?.from === 'out/first');
  return onward.map((finding) => adapterDiffers(reading, finding, adapter)?.message ?? null);
}

describe('an adapter and the file of the run that goes on from it', () => {
  it.each([
    ['the file, which has the same', 'resume_from_checkpoint', KEEPS, null],
    [
      'the file, which has another scaling',
      'resume_from_checkpoint',
      { r: 8, lora_alpha: 16 },
      'out/first was trained with scaling 2. The scaling 8 of this file counts: what the adapter learned is multiplied by 4 from the first step on. Set lora_alpha to 16, or divide the loaded factors.',
    ],
    [
      'the file, without rank stabilisation',
      'resume_from_checkpoint',
      { r: 8, lora_alpha: 16, use_rslora: true },
      'out/first was trained with scaling 5.657. The scaling 8 of this file counts: what the adapter learned is multiplied by 1.414 from the first step on. Set lora_alpha to 45.2548339959, or divide the loaded factors.',
    ],
    [
      'the file, which has another rank',
      'resume_from_checkpoint',
      { r: 16, lora_alpha: 128 },
      'out/first has rank 16. Its factors do not fit into rank 8.',
    ],
    ['the adapter, which has the same', 'adapter_name_or_path', KEEPS, null],
    [
      'the adapter, which has others',
      'adapter_name_or_path',
      { r: 16, lora_alpha: 16 },
      'out/first was trained with rank 16 and scaling 1. The run goes on with these, not with the rank 8 and scaling 8 of this file.',
    ],
  ])('the alpha is that of %s', (_, key, numbers, expected) => {
    expect(said(key, numbers)).toEqual([expected]);
  });

  it('says nothing where the run does not go on, or its path is no text', () => {
    expect(said('output_dir', KEEPS)).toEqual([]);
    expect(said('resume_from_checkpoint', KEEPS, LLAMA_FACTORY.replace('out/first', 'true'))).toEqual([]);
  });

  it('says nothing of a file with several recipes, since its finding names none', () => {
    const reading = readConfig(LLAMA_FACTORY.replace('KEY', 'resume_from_checkpoint'), 'train.yaml');
    const [finding] = reading.findings.filter(({ goesOn }) => goesOn);
    const [recipe] = reading.recipes;
    if (!finding || !recipe) throw new Error('no finding');
    const twice = { ...reading, recipes: [recipe, { ...recipe, name: 'text encoder' }] };
    expect(adapterDiffers(twice, finding, { ...recipe, scaling: 1 })).toBeNull();
  });
});
