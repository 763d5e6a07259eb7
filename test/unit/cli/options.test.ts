import { describe, expect, it } from 'vitest';
import { errorLine, EXIT, Failure } from '../../../src/cli/failure';
import { optionOf, OPTION_NAMES, type OptionName } from '../../../src/cli/options';
import { listed, oneOf, parseAlphas, parseNumber, several, wholeNumber } from '../../../src/cli/parse-numbers';

const ALPHA_OR_RANK = /above 0, from 1e-6 to 1e6/;
const ENGINE = /must be .*vllm/;
const SEVERAL = /must be (numbers above 0|512 at most)/;

/** Of every option with a bound: a value at each end, and values beyond with what is said of them. */
const BOUNDS: Partial<Record<OptionName, { within: string[]; beyond: string[]; message: RegExp }>> = {
  alpha: { within: ['1e-6', '1e6'], beyond: ['9e-7', '1000001', '0', '-1'], message: /above 0, from 1e-6 to 1e6/ },
  scaling: { within: ['1/4', '2'], beyond: ['0', '-1', '1/0', '1e999'], message: /a number above 0, such as 2/ },
  rslora: { within: ['on', 'off'], beyond: ['ON', '1', ''], message: /on or off/ },
  rank: { within: ['1', '65536'], beyond: ['0', '65537', '1.5'], message: /a whole number from 1 to 65536/ },
  rewriteRank: { within: ['1', '65536'], beyond: ['0', '65537'], message: /a whole number from 1 to 65536/ },
  rankTo: { within: ['1', '65536'], beyond: ['0', '65537', '1.5'], message: /a whole number from 1 to 65536/ },
  adapterAlpha: { within: ['rank', '16', '1/4'], beyond: ['0', 'r', '-1'], message: ALPHA_OR_RANK },
  assumeAlpha: { within: ['rank', '16'], beyond: ['0', 'r', '-1'], message: ALPHA_OR_RANK },
  adapterScaling: { within: ['1/4', '2'], beyond: ['0', '-1', '1/0'], message: /a number above 0, such as 2/ },
  adapterRank: { within: ['1', '65536'], beyond: ['0', '65537'], message: /a whole number from 1 to 65536/ },
  adapterEngine: { within: ['vllm', 'vllm@0.31.0,llama.cpp'], beyond: ['lama.cpp', ''], message: ENGINE },
  keep: { within: ['99%', '0.5'], beyond: ['0', '101%', 'all'], message: /a share such as 99%/ },
  to: {
    within: ['peft', 'mlx'],
    beyond: ['gguf', ''],
    message: /peft, kohya, diffusers, ai-toolkit, onetrainer or mlx/,
  },
  dtype: { within: ['f32', 'bf16'], beyond: ['f64', ''], message: /f32, f16 or bf16/ },
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
  format: { within: ['text', 'sarif'], beyond: ['xml', ''], message: /text, json, sarif or github/ },
  from: { within: ['1e-6', '16'], beyond: ['0', '1e7', 'many'], message: /above 0, from 1e-6 to 1e6/ },
  runSteps: { within: ['1', '100000'], beyond: ['0', '100001'], message: /a whole number from 1 to 100000/ },
  timeout: { within: ['1', '1000000'], beyond: ['0', '1.5', 'soon'], message: /a whole number from 1 to 1000000/ },
  digits: { within: ['1', '17'], beyond: ['0', '18', 'many'], message: /a whole number from 1 to 17/ },
};

/** Names of files, networks and revisions, of which each command says whether they exist. */
const WITHOUT_BOUND = 'report out adapterOut network otherNetwork base rule run recording trialFolder'.split(' ');

describe('every option with a bound', () => {
  it('is in the table', () => {
    const valued = OPTION_NAMES.filter((name) => optionOf(name).required);
    expect(valued.toSorted()).toEqual([...Object.keys(BOUNDS), ...WITHOUT_BOUND].toSorted());
  });

  it.each(Object.entries(BOUNDS))('says what it must be: %s', (name, { within, beyond, message }) => {
    const { parseArg, long } = optionOf(name as OptionName);
    for (const text of within) expect(() => parseArg?.(text, undefined)).not.toThrow();
    for (const text of beyond) {
      expect(failureOf(() => parseArg?.(text, undefined)).exitCode).toBe(EXIT.usage);
      expect(() => parseArg?.(text, undefined), text).toThrow(message);
      expect(() => parseArg?.(text, undefined), text).toThrow(new RegExp(`^${long} (is|holds) `));
    }
  });
});

/** The failure a call ends with. */
function failureOf(call: () => unknown): Failure {
  try {
    call();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

it('reads numbers and fractions, and nothing else as a number', () => {
  expect(['64', '1/4', '.5', '1e-3', ' 3 ', '-2'].map(parseNumber)).toEqual([64, 0.25, 0.5, 1e-3, 3, -2]);
  const others = ['', 'abc', '0x10', '1/2/3', '1/', 'Infinity', 'NaN', '4x', '1e', '١'];
  expect(others.filter((text) => !Number.isNaN(parseNumber(text)))).toEqual([]);
});

describe('a list of alphas', () => {
  it.each([
    ['1/4, 1,256', [0.25, 1, 256]],
    ['1/2,2..4', [0.5, 2, 3, 4]],
    ['16..64..16,64', [16, 32, 48, 64]],
  ])('takes ranges: %s', (text, alphas) => expect(parseAlphas(text, '--alphas')).toEqual(alphas));

  it.each(['4..1', '1..4..0', '0..4', '1...4', '1..', 'two', '', 'many'])('names the wrong one: %s', (part) => {
    expect(failureOf(() => parseAlphas(`1,${part},3`, '--alphas')).message).toContain(`--alphas holds "${part}"`);
  });

  it('is no longer than a picture can show', () => {
    expect(parseAlphas('1..512', '--alphas')).toHaveLength(512);
    const message = /^--alphas holds more than 512 numbers; it must be 512/;
    expect(() => parseAlphas('1..100000', '--alphas')).toThrow(message);
  });
});

it('says what a value must be, in one sentence', () => {
  expect(() => wholeNumber(1, 100)('101', '--steps')).toThrow(
    '--steps is "101"; it must be a whole number from 1 to 100',
  );
  const task = oneOf(['linear'], { mlp: 'this version trains only linear' });
  expect(task('linear', '--task')).toBe('linear');
  expect(() => task('mlp', '--task')).toThrow('--task is "mlp"; this version trains only linear');
  expect(() => task('toString', '--task')).toThrow('--task is "toString"; it must be linear');
});

it('counts an item that is given twice once', () => {
  expect(several(wholeNumber(1, 64))('16,8,16', '--rank')).toEqual([16, 8]);
});

it('lists words as people do, and keeps an error on one line', () => {
  expect([[], ['a'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a, b or c']);
  expect(errorLine('one\n  two\r\nthree\n')).toBe('lora-alpha: one two three\n');
});
