import { describe, expect, it } from 'vitest';
import { AXOLOTL, KOHYA, TORCHTUNE, changed, refusalOf, rewritten } from './samples';

// What is written into each kind of file is in cases/writing.txt.
describe('rewriteConfig', () => {
  it('writes into one of several documents, and leaves the others alone', () => {
    const [one, other] = [16, 8].map(
      (alpha) => `run: {rank: 8, lora_alpha: ${alpha}, learning_rate: 1.0e-4, optimizer: sgd}\n`,
    );
    const after = rewritten({ path: 'a.yml', text: `${other}---\n${one}` }, 64, 'symmetric', 1);
    expect(after.startsWith(`${other}---\nrun: {rank: 8, lora_alpha: 64`)).toBe(true);
  });

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['no line end at the end', (text: string) => text.trimEnd()],
    ['an indented document', (text: string) => text.replace(/^(?=.)/gm, '        ')],
    ['comments that are not ASCII', (text: string) => `# 学習率 𝛼\n${text}`],
    ['quoted keys', (text: string) => text.replace('learning_rate:', '"learning_rate":')],
  ])('keeps %s', (_, change) => {
    const expected = change(rewritten(AXOLOTL, 64));
    expect(rewritten({ ...AXOLOTL, text: change(AXOLOTL.text) }, 64)).toBe(expected);
  });

  it('writes nothing where nothing moves', () => {
    expect(rewritten(AXOLOTL, 16)).toBe(AXOLOTL.text);
  });

  it.each([
    ['an alpha under an anchor', 'yaml-shared', changed(AXOLOTL, 'lora_alpha: 16', 'lora_alpha: &a 16\nseed: *a')],
    ['an interpolated alpha', 'interpolated', changed(TORCHTUNE, 'lora_alpha: 16', 'lora_alpha: ${model.lora_rank}')],
    ['ranks from weights', 'continues-adapter', changed(KOHYA, /$/, 'dim_from_weights = true\n')],
    ['an adapter that goes on', 'continues-adapter', changed(AXOLOTL, /$/, 'lora_model_dir: ./old\n')],
    ['another network’s fault', 'value-invalid', changed(KOHYA, 'conv_alpha=4', 'conv_alpha=-4')],
    ['an unknown optimizer', 'optimizer-unknown', changed(AXOLOTL, 'adamw_torch', 'polora')],
  ])('refuses %s', (_, code, sample) => {
    expect(refusalOf(sample, 64)).toBe(code);
  });

  it('switches rsLoRA on at rank 1, where the scaling stays', () => {
    const text = 'adapter: lora\nlora_r: 1\nlora_alpha: 16\npeft_use_rslora: false\nlearning_rate: 2e-4\n';
    expect(rewritten({ path: 'a.yml', text }, { rslora: true })).toBe(text.replace('false', 'true'));
  });

  it('refuses an alpha the trainer would not take', () => {
    expect(refusalOf(AXOLOTL, 22.5)).toBe('alpha-not-whole');
  });
});
