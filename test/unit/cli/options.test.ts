import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/cli/failure';
import { optionOf, OPTION_NAMES, type OptionName } from '../../../src/cli/options';

const SEVERAL = /must be (numbers above 0|512 at most)/;

/** Of every option with a bound: a value at each end, and values beyond with what is said of them. */
const BOUNDS: Partial<Record<OptionName, { within: string[]; beyond: string[]; message: RegExp }>> = {
  alpha: { within: ['1e-6', '1e6'], beyond: ['9e-7', '1000001', '0', '-1'], message: /above 0, from 1e-6 to 1e6/ },
  scaling: { within: ['1/4', '2'], beyond: ['0', '-1', '1/0', '1e999'], message: /a number above 0, such as 2/ },
  rslora: { within: ['on', 'off'], beyond: ['ON', '1', ''], message: /on or off/ },
  rank: { within: ['1', '65536'], beyond: ['0', '65537', '1.5'], message: /a whole number from 1 to 65536/ },
  alphas: { within: ['1e-6,1e6', '1..512'], beyond: ['0', '1e7', '1..513', '2..1'], message: SEVERAL },
  exportAlpha: { within: ['64', '16,32,64', '1..512'], beyond: ['0', '16,', 'many'], message: SEVERAL },
  exportPlan: { within: ['all', 'symmetric,lr-only'], beyond: ['best', 'symmetric,', ''], message: /lr-only or all/ },
  exportRank: { within: ['8', '8,16'], beyond: ['0', '8,', '1.5'], message: /a whole number from 1 to 65536/ },
  engine: { within: ['torch', 'slurm', 'ray'], beyond: ['spark', ''], message: /torch, slurm or ray/ },
  plan: { within: ['symmetric', 'lr-only'], beyond: ['best', ''], message: /symmetric, keep-init, keep-b or lr-only/ },
  task: { within: ['auto', 'mlp'], beyond: ['cnn', ''], message: /auto, linear, mlp or transformer/ },
  steps: { within: ['1', '100000'], beyond: ['0', '100001', '1e99'], message: /a whole number from 1 to 100000/ },
  seed: { within: ['0', '2147483647'], beyond: ['-1', '2147483648', '0.5'], message: /from 0 to 2147483647/ },
  seeds: { within: ['1', '16'], beyond: ['0', '17'], message: /a whole number from 1 to 16/ },
  workers: { within: ['1', '64'], beyond: ['0', '65'], message: /a whole number from 1 to 64/ },
  backend: { within: ['cpu', 'wasm', 'auto'], beyond: ['gpu', 'webgl'], message: /cpu, wasm or auto/ },
  digits: { within: ['1', '17'], beyond: ['0', '18', 'many'], message: /a whole number from 1 to 17/ },
};

/** Names of files and networks, of which each command says whether they exist. */
const WITHOUT_BOUND: readonly string[] = ['report', 'out', 'network', 'otherNetwork'];

describe('every option with a bound', () => {
  it('is in the table', () => {
    const valued = OPTION_NAMES.filter((name) => optionOf(name).required);
    expect(valued.toSorted()).toEqual([...Object.keys(BOUNDS), ...WITHOUT_BOUND].toSorted());
  });

  it.each(Object.entries(BOUNDS))('says what it must be: %s', (name, { within, beyond, message }) => {
    const { parseArg, long } = optionOf(name as OptionName);
    for (const text of within) expect(() => parseArg?.(text, undefined)).not.toThrow();
    for (const text of beyond) {
      expect(() => parseArg?.(text, undefined), text).toThrow(Failure);
      expect(() => parseArg?.(text, undefined), text).toThrow(message);
      expect(() => parseArg?.(text, undefined), text).toThrow(new RegExp(`^${long} (is|holds) `));
    }
  });
});
