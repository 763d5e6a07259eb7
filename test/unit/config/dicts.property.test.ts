import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/config/write/edits';
import { planConfig } from '../../../src/config/planned';
import { readConfig } from '../../../src/config/read';
import { rewriteConfig } from '../../../src/config/rewrite';
import type { Target } from '../../../src/recipe/target';
import { notebookFile } from '../../support/notebook';

/** What a dict of LLaMA-Factory may say; each word of each key in any notation, or not at all. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  lora_rank: ['8', '16', '"16"', '2 * R', '(16)', '16.0', '0x10'],
  lora_alpha: ['16', '"16"', 'R', '(32)', '1e1'],
  learning_rate: ['5e-5', '1e-4', '5.0e-5', '"1e-4"', "'5.0e-5'", '(5e-5)', '1.e-4', '2_0e-6', 'LR', 'float("1e-4")'],
  max_grad_norm: ['1.0', '(0.3)', '"0.5"', '0'],
  weight_decay: ['0.01', '0', '(0.1)'],
  adam_epsilon: ['1e-8', '"1e-6"'],
  optim: ['"adamw_torch"', '"adafactor"', "'sgd'"],
  optim_args: ['""', '"fused=True"'],
  use_rslora: ['True', 'False'],
  loraplus_lr_ratio: ['16.0', '4'],
  lr_scheduler_kwargs: ['{"min_lr": 1e-6}', 'dict(min_lr=1e-6)'],
  deepspeed: ['{"a": {"b": [1, 2]}}', 'None'],
  output_dir: ['"out, (1)"'],
};
const ALWAYS: readonly [string, string][] = [
  ['stage', '"sft"'],
  ['finetuning_type', '"lora"'],
  ['lora_target', '["q_proj", "v_proj"]'],
];

const items = fc
  .tuple(
    ...Object.entries(WORDS).map(([key, words]) => fc.option(fc.constantFrom(...words)).map((word) => ({ key, word }))),
  )
  .chain((all) => {
    const said = all.flatMap(({ key, word }): [string, string][] => (word === null ? [] : [[key, word]]));
    return fc.shuffledSubarray([...ALWAYS, ...said], { minLength: ALWAYS.length + said.length });
  });

const GAPS = [', ', ',', ' ,\n    ', ',\n    ', ',  # note, (a)\n    ', ',\n\n    # lora_alpha: 3\n    ', '\n    , '];
const shape = fc.record({
  ends: fc.constantFrom(['{', '}'], ['dict(', ')'], ['dict({', '})'], ['{**base, ', '}'], ['dict(**base, ', ')']),
  quote: fc.constantFrom('"', "'"),
  mark: fc.constantFrom('', ' '),
  gaps: fc.array(fc.constantFrom(...GAPS), { minLength: 1, maxLength: 4 }),
  open: fc.constantFrom('', ' ', '\n    ', '  # start\n    '),
  close: fc.constantFrom('', ',', '\n', ',\n', '  # end\n', ',  # end\n', ', **more', ',\n    **more,\n'),
});

/** A dict literal, or a call that makes one. */
const dict = fc.tuple(items, shape).map(([said, { ends, quote, mark, gaps, open, close }]) => {
  const [start = '', end = ''] = ends;
  const pair = ([key, word]: [string, string]): string =>
    end === ')' ? `${key}${mark}=${mark}${word}` : `${quote}${key}${quote}${mark}: ${word}`;
  const body = said.map((item, i) => (i === 0 ? '' : (gaps[i % gaps.length] ?? '')) + pair(item)).join('');
  return `${start}${open}${body}${close}${end}`;
});

const BEFORE = 'import json\nR = 8\nbase = {"seed": 1}\n';
/** How it stands in its script. */
const AROUND: readonly ((one: string, other: string) => string)[] = [
  (one) => `args = ${one}\njson.dump(args, open("a.json", "w"))\n`,
  (one) => `json.dump(${one}, open("a.json", "w"), indent=2)`,
  (one) => `def main():\n    args = ${one}\n    run_exp(args)\n`,
  (one, other) => `args = ${one}\njson.dump(args, f)\nargs = ${other}\njson.dump(args, g)\n`,
  (one, other) => `runs = [${one}, ${other}]\n`,
];
const script = fc
  .tuple(dict, dict, fc.constantFrom(...AROUND), fc.boolean(), fc.boolean())
  .map(([one, other, around, isBook, hasReturns]) => {
    const source = BEFORE + around(one, other);
    const text = hasReturns ? source.replaceAll('\n', '\r\n') : source;
    return isBook ? { path: 'a.ipynb', text: notebookFile([{ kind: 'code', source: text }]) } : { path: 'a.py', text };
  });

const target = fc.constantFrom<Target>({ alpha: 64 }, { alpha: 3 }, { alpha: 1 }, { scaling: 0.3 }, { rslora: true });

describe('rewriteConfig, for a dict of a script or a notebook', () => {
  it('writes every plan, or says why the file keeps it from that', () => {
    fc.assert(
      fc.property(script, target, ({ path, text }, wanted) => {
        const reading = readConfig(text, path);
        expect(reading.recipes.length).toBeGreaterThan(0);
        for (const index of reading.recipes.keys()) {
          for (const { id } of planConfig(text, reading, index, wanted).plans) {
            const result = rewriteConfig(text, reading, index, wanted, id);
            if ('refusal' in result) expect(result.refusal.code).toMatch(/^(?:reference|expression|rate-elsewhere)$/);
            else if (path.endsWith('.ipynb')) JSON.parse(applyEdits(text, result.edits));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
