import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { planConfig, type ConfigPlan } from '../../../../src/config/planned';
import { oldValueWords } from '../../../../src/config/plan/changes';
import { readConfig, type ConfigReading } from '../../../../src/config/read';

import { rewriteConfig } from '../../../../src/config/rewrite';
import type { PlanId } from '../../../../src/recipe/plans/plan';
import type { Target } from '../../../../src/recipe/target';
import { AXOLOTL, KOHYA, LLAMAFACTORY, PEFT, TORCHTUNE, type Sample } from '../samples';

const changed = (sample: Sample, from: string | RegExp, to: string): Sample => ({
  ...sample,
  text: sample.text.replace(from, to),
});
const read = ({ text, path }: Sample): ConfigReading => readConfig(text, path);
const plansOf = (sample: Sample, target: number | Target): ReturnType<typeof planConfig> =>
  planConfig(sample.text, read(sample), 0, target);
function plan(sample: Sample, id: PlanId, target: number | Target = 64): ConfigPlan {
  const found = plansOf(sample, target).plans.find((each) => each.id === id);
  if (!found) throw new Error(`no plan ${id}`);
  return found;
}
function rewritten(sample: Sample, target: number | Target, id: PlanId): string {
  const result = rewriteConfig(sample.text, read(sample), 0, target, id);
  if ('refusal' in result) throw new Error(result.refusal.message);
  return applyEdits(sample.text, result.edits);
}
/** The lines that are not in the sample. */
const news = (sample: Sample, target: number | Target, id: PlanId): string[] => {
  const known = new Set(sample.text.split('\n'));
  return rewritten(sample, target, id)
    .split('\n')
    .filter((line) => !known.has(line));
};
const codes = ({ caveats }: ConfigPlan): string[] => caveats.map(({ code }) => code);

describe('a number behind a name or an expression', () => {
  const script = (alpha: string, lr: string): Sample => ({
    path: 'train.py',
    text: `lr = 2e-4\npeft = LoraConfig(r=16, lora_alpha=${alpha})\nargs = TrainingArguments("out", learning_rate=${lr})\n`,
  });

  it.each([
    ['16', '2e-4', '16', '2e-4'],
    ['16.0', '2_0e-5', '16.0', '2_0e-5'],
    ['2 * 8', 'lr * 1', '2 * 8 = 16', 'lr * 1 = 2e-4'],
    ['16', 'lr', '16', '2e-4'],
  ])('is said with what it comes to: %s and %s', (alpha, lr, ...wanted) => {
    const { rows } = plan(script(alpha, lr), 'symmetric');
    expect(rows.slice(0, 2).map(oldValueWords)).toEqual(wanted);
  });
});

describe('the LoRA+ ratio', () => {
  it('is written beside the rate where nobody wrote one, and in place where somebody did', () => {
    expect(news(AXOLOTL, 64, 'keep-init')).toEqual(['lora_alpha: 64 # equal to the rank', 'loraplus_lr_ratio: 0.25']);
    expect(news(changed(AXOLOTL, /$/, 'loraplus_lr_ratio: 16\n'), 64, 'keep-init')).toContain('loraplus_lr_ratio: 4');
    expect(news(LLAMAFACTORY, 64, 'keep-init')).toEqual(['lora_alpha: 64', 'loraplus_lr_ratio: 0.25']);
    expect(news(KOHYA, 64, 'keep-init')).toContain(
      'network_args = ["conv_dim=8", "conv_alpha=16", "loraplus_lr_ratio=0.25"]',
    );
  });

  it('moves with the ratios of the other parts', () => {
    const parts = '"conv_alpha=4", "loraplus_unet_lr_ratio=16", "loraplus_text_encoder_lr_ratio=8"';
    const text = rewritten(changed(KOHYA, '"conv_alpha=4"', parts), 64, 'keep-init');
    expect(text).toContain('"loraplus_unet_lr_ratio=4", "loraplus_text_encoder_lr_ratio=2"');
  });

  it('is not offered where the optimizer or the file takes no notice of it', () => {
    const ids = (sample: Sample): string[] => plansOf(sample, 64).plans.map(({ id }) => id);
    expect(ids(AXOLOTL)).toContain('keep-init');
    expect(ids(changed(AXOLOTL, 'adamw_torch', 'muon'))).not.toContain('keep-init');
    expect(ids(changed(AXOLOTL, /$/, 'lr_groups:\n  - {name: b, modules: [lora_B], lr: 1e-4}\n'))).not.toContain(
      'keep-init',
    );
    expect(ids(TORCHTUNE)).not.toContain('keep-init');
  });

  it('is not needed where code gives B numbers of its own', () => {
    const found = plan(PEFT, 'keep-init', 128);
    const inCode = found.rows.filter(({ where }) => where === 'code');
    expect(inCode.map(({ key, factor }) => [key, factor])).toEqual([
      ['learning_rate of B', 0.5],
      ['weight_decay of B', 2],
      ['adam_epsilon of B', 2],
    ]);
    expect(found.code).toMatch(/group\["lr"\] \* 0\.5\n[\s\S]*group\["eps"\] \* 2\.0/);
    expect(codes(found)).toContain('clip-unknown');
  });

  it('leaves embeddings that are trained whole in the group of A, whose rate stays', () => {
    const sample = changed(AXOLOTL, /$/, 'lora_modules_to_save: [embed_tokens]\n');
    expect(codes(plan(sample, 'keep-init'))).not.toContain('unscaled-parameters');
    expect(codes(plan(sample, 'symmetric'))).toEqual(
      expect.arrayContaining(['unscaled-parameters', 'clip-over-unscaled']),
    );
  });
});

describe('rank stabilisation', () => {
  it('is written where a person would put it, in the words of the file', () => {
    expect(news(AXOLOTL, { rslora: true }, 'lr-only')).toEqual(['peft_use_rslora: true', 'learning_rate: 7.5e-5']);
    const off = changed(AXOLOTL, /$/, 'peft_use_rslora: yes\n');
    expect(news(off, { rslora: false }, 'lr-only')).toEqual(['learning_rate: 1.2e-3', 'peft_use_rslora: no']);
    const json = changed(PEFT, '  "rank_pattern": { "model.layers.0.q_proj": 8 },\n', '');
    expect(news(json, { rslora: true }, 'lr-only')).toContain('  "use_rslora": true,');
  });

  it('moves networks of other ranks by the same k, through their alphas', () => {
    const after = rewritten(PEFT, { rslora: true }, 'symmetric');
    const scalings = (text: string): number[] => read({ ...PEFT, text }).recipes.map(({ scaling }) => scaling);
    const [before, then] = [scalings(PEFT.text), scalings(after)];
    then.forEach((scaling, i) => expect(scaling / (before[i] ?? 1)).toBeCloseTo(Math.sqrt(32), 4));
    const inherits = changed(PEFT, '"model.layers.0.q_proj": 16, ', '');
    expect(plansOf(inherits, { rslora: true }).refusal?.code).toBe('rslora-several-ranks');
  });

  it('is refused where the trainer has no key for it', () => {
    for (const sample of [TORCHTUNE, KOHYA]) {
      expect(plansOf(sample, { rslora: true }).refusal?.code).toBe('rslora-not-settable');
    }
  });
});

describe('a scaling', () => {
  it('is reached through alpha', () => {
    expect(news(TORCHTUNE, { scaling: 4 }, 'lr-only')[0]).toBe('  lora_alpha: 32');
  });
});
