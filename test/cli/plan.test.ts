import { describe, expect, it } from 'vitest';
import { run, runJson } from './support/cli';
import { planDocument } from './support/shapes';

describe('plan', () => {
  it('has every number that moves, as it would be written, with its exact factor', async () => {
    const { code, document } = await runJson(planDocument, ['plan', 'axolotl.yml', '--alpha', '48']);
    expect(code).toBe(0);
    expect(document.k).toBe(3);
    expect(document.plans.map(({ id }) => id)).toEqual(['symmetric', 'keep-init', 'keep-b', 'lr-only']);
    const [symmetric, keepInit, , lrOnly] = document.plans;
    expect(keepInit?.changes.at(-1)).toEqual({ key: 'loraplus_lr_ratio', from: 1, to: 0.333333, factor: 1 / 3 });
    expect(symmetric).toMatchObject({ id: 'symmetric', exactness: 'exact' });
    const moved = new Map(symmetric?.changes.map((change) => [change.key, change]));
    expect(moved.get('lora_alpha')).toEqual({ key: 'lora_alpha', from: 16, to: 48, factor: 3 });
    expect(moved.get('learning_rate')).toMatchObject({ from: 2e-4, to: 1.1547e-4 });
    expect(moved.get('learning_rate')?.factor).toBeCloseTo(1 / Math.sqrt(3), 15);
    expect(moved.get('max_grad_norm')).toMatchObject({ from: 1, to: 1.73205 });
    expect(symmetric?.init.A).toBeCloseTo(1 / Math.sqrt(3), 15);
    expect(symmetric?.code).toContain('1.732050807568877');
    expect(lrOnly).toMatchObject({ id: 'lr-only', exactness: 'approximate', code: null });
  });

  it('goes to a scaling, or to another rule at the same alpha', async () => {
    const scaling = await runJson(planDocument, ['plan', 'axolotl.yml', '--scaling', '4']);
    expect(scaling.document.target).toEqual({ alpha: 64, scalingRule: 'standard', scaling: 4, k: 4 });
    const rslora = await runJson(planDocument, ['plan', 'axolotl.yml', '--rslora', 'on']);
    expect(rslora.document.target).toEqual({ alpha: 16, scalingRule: 'rslora', scaling: 4, k: 4 });
    expect(rslora.document.plans[0]?.changes[0]).toEqual({ key: 'peft_use_rslora', from: 0, to: 1, factor: 4 });
  });

  it('refuses another rank, and rsLoRA where there is no key for it, with the reason', async () => {
    const rank = await run(['plan', 'axolotl.yml', '--rank', '32']);
    expect(rank).toMatchObject({ code: 2, stdout: '' });
    expect(rank.stderr).toMatch(/from 16 to 32\. A change of rank is not a change of scaling/);
    const rslora = await run(['plan', 'two-networks.toml', '--rslora', 'on']);
    expect(rslora).toMatchObject({ code: 2, stdout: '' });
    expect(rslora.stderr).toMatch(/no key for rank-stabilised scaling\. Alpha [\d.]+ gives the same scaling/);
  });

  it('says what the popular rule is worth here, and where the reason stands', async () => {
    const { stdout } = await run(['plan', 'axolotl.yml', '--alpha', '64']);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /right for SGD.*here the right learning rate is lr ÷ √k.*docs\/optimizers\.md/,
    );
  });

  it('writes as many digits as it is asked for', async () => {
    const args = ['plan', 'axolotl.yml', '--alpha', '48', '--digits', '3'];
    const { document } = await runJson(planDocument, args);
    const rate = document.plans[0]?.changes.find(({ key }) => key === 'learning_rate');
    expect(rate?.to).toBe(1.15e-4);
  });

  it('has no numbers where the file has none', async () => {
    const { document } = await runJson(planDocument, ['plan', 'adapter_config.json', '--alpha', '32']);
    const rate = document.plans[0]?.changes.find(({ key }) => key === 'learning_rate');
    expect(rate).toMatchObject({ from: null, to: null });
    expect(rate?.factor).toBeCloseTo(Math.SQRT1_2, 15);
  });

  it('takes a network by its name or its number', async () => {
    const args = ['plan', 'two-networks.toml', '--alpha', '4', '--network'];
    const [named, numbered, first] = await Promise.all([
      runJson(planDocument, [...args, 'conv']),
      runJson(planDocument, [...args, '2']),
      runJson(planDocument, args.slice(0, -1)),
    ]);
    expect(named.document.k).toBe(4);
    expect(numbered.document).toEqual(named.document);
    expect(first.document.k).toBe(1);
    const wrong = await run([...args, 'te3']);
    expect(wrong).toMatchObject({ code: 64, stdout: '' });
    expect(wrong.stderr).toMatch(
      /^lora-alpha: two-networks\.toml: --network is "te3"; it must be .*\(1\) or conv \(2\)\n$/,
    );
  });

  it('fits into a terminal of 80 columns, code aside', async () => {
    const { stdout } = await run(['plan', 'axolotl.yml', '--alpha', '48']);
    expect(stdout).toContain('s = α/r = 16/16 = 1  →  α/r = 48/16 = 3');
    const lines = stdout.split('\n').filter((line) => !line.startsWith('    '));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    ['bad-alpha.yml', /^lora-alpha: bad-alpha\.yml:4: .*abc.*\n$/],
    ['foreign.yml', /^lora-alpha: foreign\.yml: holds no LoRA config.*\n$/],
  ])('has nothing to plan in %s', async (name, line) => {
    const ended = await run(['plan', name, '--alpha', '48', '--json']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(line);
  });
});
