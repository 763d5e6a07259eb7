import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 16\nlora_alpha: 32\nlearning_rate: 2e-4\n';

describe('Axolotl', () => {
  it.each([
    ['lora_target_modules: [q_proj]', ['q_proj']],
    ['lora_target_linear: true', 'all-linear'],
    ['lora_target_linear: true\nlora_target_modules: [embed_tokens]', ['embed_tokens', 'all-linear']],
    ['lora_target_linear: false\nlora_target_modules: [q_proj]', ['q_proj']],
  ])('adapts the modules of: %s', (text, modules) => {
    expect(readConfig(`${AXOLOTL}${text}\n`, 'a.yml').recipes).toMatchObject([{ targetModules: modules }]);
  });
});
