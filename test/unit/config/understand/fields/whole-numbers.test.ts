import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

/** Which of these alphas the trainer takes; the others are errors. */
function taken(alphas: string, path: string, text: (alpha: string) => string): string {
  const isTaken = (alpha: string): boolean => {
    const { recipes, findings } = readConfig(text(alpha), path);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(
      recipes.length === 1 ? [] : ['value-invalid'],
    );
    return recipes.length === 1;
  };
  return alphas
    .split('  ')
    .filter((alpha) => isTaken(alpha))
    .join('  ');
}

const ALPHAS = `16  16.0  16.5  1e-4  1.6e1  1.6e+1  1e1  .5  1_6  "16"  "16.0"  "16."  "16.5"  "1.6e1"  ' 16 '`;

describe('an alpha or rank of a trainer that takes whole numbers', () => {
  it.each([
    // pydantic 2.14 behind PyYAML 6: both were asked.
    [
      'Axolotl',
      'a.yml',
      `16  16.0  1.6e+1  1_6  "16"  "16.0"  ' 16 '`,
      (alpha: string) => `base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: ${alpha}\nlearning_rate: 2e-4\n`,
    ],
    [
      "Axolotl's rank",
      'a.yml',
      `16  16.0  1.6e+1  1_6  "16"  "16.0"  ' 16 '`,
      (rank: string) => `base_model: m\nadapter: lora\nlora_r: ${rank}\nlora_alpha: 8\nlearning_rate: 2e-4\n`,
    ],
    // jsonargparse 4.53 takes no float, whatever its value.
    [
      'litgpt',
      'a.yaml',
      `16  1_6  "16"  ' 16 '`,
      (alpha: string) => `checkpoint_dir: m\nlora_r: 8\nlora_alpha: ${alpha}\ntrain:\n  max_steps: 8\n`,
    ],
    // argparse hands words to int().
    [
      'a script of diffusers',
      'a.sh',
      `16  1_6  "16"  ' 16 '`,
      (alpha: string) =>
        `accelerate launch train_dreambooth_lora_flux2.py --pretrained_model_name_or_path m --rank 8 --lora_alpha ${alpha}\n`,
    ],
  ])('%s', (_, path, expected, text) => expect(taken(ALPHAS, path, text)).toBe(expected));
});
