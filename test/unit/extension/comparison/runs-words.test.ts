import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import { fileRuns } from '../../../../src/extension/comparison/runs-words';
import { AXOLOTL } from '../../../support/axolotl';

const SCRIPT = (first: string, second: string): string => `accelerate launch train_network.py ${first}
accelerate launch train_network.py ${second}
`;
const KOHYA = '--network_module networks.lora --network_dim 16 --optimizer_type AdamW';

describe('fileRuns', () => {
  it('groups the trainings of a script', () => {
    const text = SCRIPT(
      `${KOHYA} --network_alpha 16 --learning_rate 1e-4`,
      `${KOHYA} --network_alpha 16 --learning_rate 1e-4`,
    );
    const runs = fileRuns(readConfig(text, 'train.sh'));
    expect(runs?.title).toBe('2 recipes, all one run');
    const other = text.replace(/alpha 16 (?!.*\n.*alpha)/, 'alpha 64 ');
    expect(fileRuns(readConfig(other, 'train.sh'))?.title).toBe('2 recipes, 2 different runs');
  });

  it.each([
    ['one run', AXOLOTL, 'train.yml'],
    ['several networks of one run', readFileSync('examples/kohya-sdxl.toml', 'utf8'), 'kohya-sdxl.toml'],
  ])('is nothing for %s', (_, text, name) => {
    expect(fileRuns(readConfig(text, name))).toBeNull();
  });
});
