import { describe, expect, it } from 'vitest';
import { rankConfig, rewriteRank } from '../../../src/config/ranked';
import { readConfig } from '../../../src/config/read';
import { applyEdits } from '../../../src/config/write/edits';
import { axolotl, script } from '../export/export-of';

/** The lines that another rank writes, or the code of the refusal. */
function written(text: string, path: string, rank: number, rule: string, index = 0): string[] | string {
  const reading = readConfig(text, path);
  const source = { text, reading, index };
  const plan = rankConfig(source, rank).plans.find((each) => each.rule === rule);
  if (!plan) throw new Error(`no plan ${rule}`);
  const made = rewriteRank(source, plan);
  if ('refusal' in made) return made.refusal.code;
  const before = text.split('\n');
  return applyEdits(text, made.edits)
    .split('\n')
    .filter((line) => !before.includes(line));
}

const YAML = axolotl('weight_decay: 0.1');
const LLAMAFACTORY = 'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlearning_rate: 1.0e-4\n';
const PEFT = script();
const PATTERN = script({ lora: ', rank_pattern={"k_proj": 4}' });
const ALPHAS = script({ lora: ', alpha_pattern={"k_proj": 4}' });
const FOLLOWING = PEFT.replace(
  'config = LoraConfig(r=8, lora_alpha=16',
  'R = 8\nconfig = LoraConfig(r=R, lora_alpha=2 * R',
);
const RUNS = 'run: {rank: 8, lora_alpha: 16, learning_rate: 1.0e-4, optimizer: adamw}\n';
const SHARED = PEFT.replace('config = LoraConfig(r=8', 'R = 8\nconfig = LoraConfig(r=R').replace(
  'model = get',
  'other = LoraConfig(r=R)\nmodel = get',
);

/** The line of a script's LoRA config at rank 32. */
const at32 = (text: string): string =>
  text
    .split('\n')
    .find((line) => line.includes('r=8'))
    ?.replace('r=8', 'r=32') ?? '';

describe('rewriteRank', () => {
  it.each([
    ['the rank alone, where alpha and the rate stay', YAML, 'keep-alpha', 'lora_r: 32'],
    ['the rate with the scaling kept', YAML, 'mua-scaling', 'lora_r: 32; lora_alpha: 64; learning_rate: 1e-4'],
    ['a habit', YAML, 'scaling-kept', 'lora_r: 32; lora_alpha: 64'],
    ['an alpha that would follow as a default', LLAMAFACTORY, 'keep-alpha', 'lora_rank: 32; lora_alpha: 16'],
    ['a pattern that keeps its rank', PATTERN, 'keep-alpha', at32(PATTERN)],
    ['a pattern that has its own alpha and no rank', ALPHAS, 'keep-alpha', at32(ALPHAS)],
    ['one use of a name of two', SHARED, 'keep-alpha', at32(PEFT)],
    ['nothing new beside a pattern', PATTERN, 'mua-scaling', 'rank-several-adapters'],
  ])('writes %s', (_, text, rule, lines) => {
    const made = written(text, text.includes('import') ? 'train.py' : 'a.yml', 32, rule);
    expect(Array.isArray(made) ? made.join('; ') : made).toBe(lines);
  });

  it('keeps alpha where an expression would follow the rank', () => {
    const reading = readConfig(FOLLOWING, 'train.py');
    const source = { text: FOLLOWING, reading, index: 0 };
    const [plan] = rankConfig(source, 32).plans;
    const made = plan && rewriteRank(source, plan);
    const [recipe] = made && 'edits' in made ? readConfig(applyEdits(FOLLOWING, made.edits), 'train.py').recipes : [];
    expect([recipe?.rank, recipe?.alpha]).toEqual([32, 16]);
  });

  it('leaves the other runs of a file as they are', () => {
    const text = `${RUNS}---\n${RUNS}`;
    expect(written(text, 'a.yml', 32, 'mua-scaling', 1)).toEqual([
      'run: {rank: 32, lora_alpha: 64, learning_rate: 5.0e-5, optimizer: adamw}',
    ]);
  });

  it.each([
    ['the same rank', YAML, 8, 'rank-is-there'],
    ['a rank that cannot be', YAML, 0.5, 'rank-range'],
    ['a file without LoRA', 'a: 1\n', 32, 'nothing-to-plan'],
  ])('has no plans for %s', (_, text, rank, code) => {
    const { plans, refusal } = rankConfig({ text, reading: readConfig(text, 'a.yml'), index: 0 }, rank);
    expect([plans, refusal?.code]).toEqual([[], code]);
  });

  it('recommends nothing under SGD, and never offers the embedding', () => {
    const rules = (optimizer: string): unknown => {
      const text = axolotl(`optimizer: ${optimizer}`);
      const { plans } = rankConfig({ text, reading: readConfig(text, 'a.yml'), index: 0 }, 32);
      return [plans.some(({ claim }) => claim === 'recommended'), plans.some(({ rule }) => rule === 'embedding')];
    };
    expect([rules('adamw_torch'), rules('sgd')]).toEqual([
      [true, false],
      [false, false],
    ]);
  });
});
