import { describe, expect, it } from 'vitest';
import { planConfig, type ConfigPlan } from '../../../src/config/planned';
import { oldValueWords, type ConfigChange } from '../../../src/config/plan/changes';
import { readConfig } from '../../../src/config/read';
import { RecipeError } from '../../../src/recipe/recipe';
import { AXOLOTL, KOHYA, LLAMAFACTORY, PEFT, TORCHTUNE } from './samples';
import { changed, codesOf, planOf, plansOf, rewritten, type Sample } from './samples';
import type { PlanId } from '../../../src/recipe/plans/plan';
import type { Target } from '../../../src/recipe/target';

const table = ({ configChanges: changes }: ConfigPlan): unknown[] =>
  changes.map(({ key, from, to, where }) => [key, from, to, where]);
const row = (found: ConfigPlan, key: string): ConfigChange | undefined =>
  found.configChanges.find((each) => each.key === key);
/** The lines of the rewritten file that are not in the sample. */
function news(sample: Sample, target: number | Target, id: PlanId): string[] {
  const known = new Set(sample.text.split('\n'));
  return rewritten(sample, target, id)
    .split('\n')
    .filter((line) => !known.has(line));
}

// What the first plan changes in each kind of file is in cases/writing.txt.
describe('planConfig', () => {
  it('says by which law a number moves, and why', () => {
    const found = planOf(AXOLOTL, 64);
    expect(row(found, 'learning_rate')).toMatchObject({ line: 7, law: '÷ √k', factor: 0.5, written: 1.5e-4 });
    expect(found.configChanges.every(({ why }) => why.length > 20)).toBe(true);
  });

  it.each([
    ['an inference below', 'A=1\n$T 32 --lr 1e-4\npython infer.py --lora_alpha 32\n', 'line 3 `--lora_alpha 32`'],
    [
      'two of them',
      '$T 32 --lr 1e-4\nx.py --lora_alpha=32.0\ny lora.alpha=32\n',
      'line 2 `--lora_alpha=32.0` and line 3 `lora.alpha=32`',
    ],
    ['another alpha', '$T 32 --lr 1e-4\npython infer.py --lora_alpha 8\n', null],
    ['another run', '$T 32 --lr 1e-4\n$T 32 --lr 2e-4\n', null],
    ['the variable itself', 'LORA_ALPHA=32\n$T $LORA_ALPHA --lr 1e-4\n', null],
    ['a comment', '# python infer.py --lora_alpha 32\n$T 32 --lr 1e-4\n', null],
  ])('names an alpha that stays in the same script: %s', (_, script, where) => {
    const text = script.replaceAll('$T', 'python train.py --lora_r 8 --lora_alpha');
    const [caveat] = planOf({ path: 'a.sh', text }, 64).caveats.filter(({ code }) => code === 'alpha-elsewhere');
    const why = 'If this uses the trained adapter, change it too; otherwise its ΔW is ÷ 2.';
    expect(caveat?.message ?? null).toBe(where && `The old alpha stays in ${where}. ${why}`);
  });

  it('moves every scaling of the run by the same factor, from whichever side it is asked', () => {
    expect(table(planOf(KOHYA, 12, 'symmetric', 1)).slice(0, 2)).toEqual([
      ['network_args.conv_alpha', '4', '12', 'file'],
      ['network_alpha', '16', '48', 'file'],
    ]);
  });

  it('moves the patterns of an adapter, and leaves the rest to the script', () => {
    const found = planOf(PEFT, 128);
    expect(table(found)).toEqual([
      ['lora_alpha', '64', '128', 'file'],
      ['alpha_pattern.model.layers.0.q_proj', '16', '32', 'file'],
      ['alpha_pattern.v_proj', '32', '64', 'file'],
      ['learning_rate', null, null, 'script'],
      ['weight_decay', null, null, 'script'],
      ['max_grad_norm', null, null, 'script'],
      ['adam_epsilon', null, null, 'script'],
      ['init of A', '1', '0.707107', 'code'],
    ]);
    expect(row(found, 'max_grad_norm')).toMatchObject({ factor: Math.SQRT2, law: '× √k', written: null });
  });

  it('names the numbers that ** may hold, with the line where they must move', () => {
    const text = [
      'from peft import LoraConfig, get_peft_model',
      'from transformers import Trainer, TrainingArguments',
      'model = get_peft_model(base, LoraConfig(r=16, lora_alpha=16, target_modules=["q_proj"]))',
      'args = TrainingArguments("out", learning_rate=2e-4, optim="adamw_torch", **schedule(cfg))',
      'trainer = Trainer(model, args)',
    ].join('\n');
    const rows = planOf({ path: 'train.py', text }, 64).configChanges.filter(({ where }) => where === 'script');
    expect(rows.map(({ key, factor, line }) => [key, factor, line])).toEqual([
      ['adam_epsilon', 2, 4],
      ['weight_decay', 2, 4],
      ['max_grad_norm', 2, 4],
    ]);
  });

  it('moves the learning rate alone under lr-only', () => {
    expect(table(planOf(AXOLOTL, 64, 'lr-only'))).toEqual([
      ['lora_alpha', '16', '64', 'file'],
      ['learning_rate', '3e-4', '7.5e-5', 'file'],
    ]);
  });

  it('carries the init code with its numbers, and says where it goes', () => {
    expect(planOf(AXOLOTL, 64).code).toMatch(/post_trainer_create[\s\S]*p\.data\.div_\(2\.0\)/);
    expect(planOf(PEFT, 192).code).toMatch(/get_peft_model[\s\S]*p\.data\.div_\(1\.732050807568877\d*\)/);
    expect(planOf(LLAMAFACTORY, 64).code).toMatch(/on_init_end/);
    expect(planOf(TORCHTUNE, 64).code).toMatch(/_setup_model[\s\S]*lora_a/);
    expect(planOf(KOHYA, 64).code).toMatch(/train_network\.py[\s\S]*lora_down/);
    expect(planOf(AXOLOTL, 64, 'lr-only').code).toBeNull();
    expect(planOf(changed(LLAMAFACTORY, /$/, 'pissa_init: true\n'), 64).code).toBeNull();
  });

  it('says that Axolotl takes whole alphas only', () => {
    expect(planOf(AXOLOTL, 22.5).caveats.find(({ code }) => code === 'alpha-not-whole')?.message).toMatch(/22 or 23/);
    expect(codesOf(planOf(TORCHTUNE, 22.5))).not.toContain('alpha-not-whole');
  });

  it('moves nothing that the trainer does not take, and says so', () => {
    const withRatio = (lines: string): ConfigPlan =>
      planOf(changed(AXOLOTL, /$/, `loraplus_lr_ratio: 16\n${lines}`), 64);
    const decayOff = withRatio('');
    expect(decayOff.exactness).toBe('exact');
    expect(row(decayOff, 'weight_decay')).toBeUndefined();
    expect(decayOff.caveats.find(({ code }) => code === 'decay-ignored')?.message).toMatch(/0\.01 is off/);
    const limits = withRatio('lora_modules_to_save: [lm_head]\n').caveats.map((caveat) => caveat.limits);
    expect(limits.indexOf('approximate')).toBe(0);
    const ratioOff = withRatio('lr_groups:\n  - name: heads\n    modules: [lm_head]\n    lr: 1e-5\n');
    expect(row(ratioOff, 'weight_decay')?.to).toBe('0.02');
    expect(codesOf(ratioOff)).toContain('loraplus-ignored');
    expect(codesOf(ratioOff)).not.toContain('loraplus-ratio-stays');
  });

  it('writes as many digits as asked for', () => {
    const reading = readConfig(AXOLOTL.text, AXOLOTL.path);
    const [found] = planConfig(AXOLOTL.text, reading, 0, 48, { digits: 3 }).plans;
    expect(found && row(found, 'learning_rate')?.to).toBe('1.73e-4');
  });

  it.each<[string, Sample, number, string, RegExp]>([
    ['no recipe', { path: 'x.yml', text: 'a: 1\n' }, 0, 'nothing-to-plan', /./],
    ['no such recipe', AXOLOTL, 5, 'nothing-to-plan', /./],
    ['an invalid alpha', changed(AXOLOTL, '16 #', '0 #'), 0, 'value-invalid', /lora_alpha is 0/],
    ['an unknown optimizer', changed(AXOLOTL, 'adamw_torch', 'polora'), 0, 'optimizer-unknown', /./],
    [
      'a rank from elsewhere',
      { path: 'x.py', text: 'from peft import LoraConfig\nLoraConfig(r=args.rank, lora_alpha=16)\n' },
      ...[0, 'value-elsewhere', /r is args.rank/],
    ] as [string, Sample, number, string, RegExp],
  ])('refuses %s, with the reason', (_, sample, index, code, message) => {
    expect(plansOf(sample, 64, index).refusal).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([0, -1, Number.NaN, Infinity])('throws for the alpha %s', (alpha) => {
    expect(() => plansOf(AXOLOTL, alpha)).toThrow(RecipeError);
  });

  it.each([
    ['16', '2e-4', '16', '2e-4'],
    ['16.0', '2_0e-5', '16.0', '2_0e-5'],
    ['2 * 8', 'lr * 1', '2 * 8 = 16', 'lr * 1 = 2e-4'],
    ['16', 'lr', '16', '2e-4'],
  ])('says what %s and %s come to', (alpha, lr, ...wanted) => {
    const text = `lr = 2e-4\npeft = LoraConfig(r=16, lora_alpha=${alpha})\nargs = TrainingArguments("out", learning_rate=${lr})\n`;
    const { configChanges: changes } = planOf({ path: 'train.py', text }, 64);
    expect(changes.slice(0, 2).map(oldValueWords)).toEqual(wanted);
  });
});

const MS_SWIFT: Sample = {
  path: 'sft.yaml',
  text: 'model: m\ndataset: d\ntuner_type: lora\nlora_rank: 8\nlora_alpha: 16\nlearning_rate: 1e-4\n',
};

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

  it.each<[string, Sample, boolean]>([
    ['offered', AXOLOTL, true],
    ['not offered where the optimizer ignores it', changed(AXOLOTL, 'adamw_torch', 'muon'), false],
    [
      'not offered where the file rules it out',
      changed(AXOLOTL, /$/, 'lr_groups:\n  - {name: b, modules: [lora_B], lr: 1e-4}\n'),
      false,
    ],
    ['not offered where the trainer has none', TORCHTUNE, false],
    ['offered in ms-swift', MS_SWIFT, true],
    // Its LorapOptimizerCallback alone reads the ratio (swift/optimizers/mapping.py), and Unsloth's LoRA does not get it.
    ["not offered beside ms-swift's own default", changed(MS_SWIFT, /$/, 'optimizer: default\n'), false],
    ["not offered with Unsloth's LoRA in ms-swift", changed(MS_SWIFT, /$/, 'tuner_backend: unsloth\n'), false],
  ])('is %s', (_, sample, isOffered) => {
    expect(plansOf(sample, 64).plans.some(({ id }) => id === 'keep-init')).toBe(isOffered);
  });

  it('is not needed where code gives B numbers of its own', () => {
    const found = planOf(PEFT, 128, 'keep-init');
    const inCode = found.configChanges.filter(({ where }) => where === 'code');
    expect(inCode.map(({ key, factor }) => [key, factor])).toEqual([
      ['learning_rate of B', 0.5],
      ['weight_decay of B', 2],
      ['adam_epsilon of B', 2],
    ]);
    expect(found.code).toMatch(/group\["lr"\] \* 0\.5\n[\s\S]*group\["eps"\] \* 2\.0/);
    expect(codesOf(found)).toContain('clip-unknown');
  });

  it('leaves embeddings that are trained whole in the group of A, whose rate stays', () => {
    const sample = changed(AXOLOTL, /$/, 'lora_modules_to_save: [embed_tokens]\n');
    expect(codesOf(planOf(sample, 64, 'keep-init'))).not.toContain('unscaled-parameters');
    const symmetric = codesOf(planOf(sample, 64));
    expect(symmetric).toEqual(expect.arrayContaining(['unscaled-parameters', 'clip-over-unscaled']));
  });
});

describe('another target than alpha', () => {
  it('is written where a person would put it, in the words of the file', () => {
    expect(news(AXOLOTL, { rslora: true }, 'lr-only')).toEqual(['peft_use_rslora: true', 'learning_rate: 7.5e-5']);
    const off = changed(AXOLOTL, /$/, 'peft_use_rslora: yes\n');
    expect(news(off, { rslora: false }, 'lr-only')).toEqual(['learning_rate: 1.2e-3', 'peft_use_rslora: false']);
    const json = changed(PEFT, '  "rank_pattern": { "model.layers.0.q_proj": 8 },\n', '');
    expect(news(json, { rslora: true }, 'lr-only')).toContain('  "use_rslora": true,');
    expect(news(TORCHTUNE, { scaling: 4 }, 'lr-only')[0]).toBe('  lora_alpha: 32');
  });

  it('moves networks of other ranks by the same k, through their alphas', () => {
    const scalings = (text: string): number[] => readConfig(text, PEFT.path).recipes.map(({ scaling }) => scaling);
    const [before, then] = [scalings(PEFT.text), scalings(rewritten(PEFT, { rslora: true }))];
    then.forEach((scaling, i) => expect(scaling / (before[i] ?? 1)).toBeCloseTo(Math.sqrt(32), 4));
    const inherits = changed(PEFT, '"model.layers.0.q_proj": 16, ', '');
    expect(plansOf(inherits, { rslora: true }).refusal?.code).toBe('rslora-several-ranks');
  });

  it.each([TORCHTUNE, KOHYA])('is refused where the trainer has no key for it: $path', (sample) => {
    expect(plansOf(sample, { rslora: true }).refusal?.code).toBe('rslora-not-settable');
  });
});
