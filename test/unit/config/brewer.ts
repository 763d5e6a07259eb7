import { divideLines, type Library } from '../../../src/config/init-code/divide';
import { field, key, fixedAt } from '../../../src/config/trainers/shared/fields';
import type { Layout, Trainer } from '../../../src/config/trainers/trainer';
import { scalarAt } from '../../../src/config/syntax/tree';

const LIBRARY: Library = { A: ['malt'], B: ['hops'] };

const layout: Layout = {
  id: 'brewer',
  recognise: (root) => scalarAt(root, ['brew_lora']) === true || scalarAt(root, ['brew_lora']) === 'true',
  fields: {
    rank: field('malt_rank', 6),
    alpha: field('malt_alpha', 12),
    learningRate: field('heat', 3e-4),
    optimizer: field('kettle', 'copper'),
    weightDecay: field('evaporation', 0),
    eps: fixedAt({ value: 0 }),
    betas: fixedAt({ value: [0.9, 0.999] }),
    maxGradNorm: fixedAt({ value: 0 }),
    scheduler: fixedAt({ value: 'constant' }),
    dropout: field('sieve', 0),
    init: fixedAt({ value: 'kaiming-uniform' }),
  },
  optimizers: { copper: { row: 'adamw' }, steel: { unknown: 'nobody has looked into it.' } },
  // What does nothing. The keys of fields and traps are known without; any other is not understood.
  known: { '': 'brew_lora' },
  traps: [
    {
      code: 'key-ignored',
      severity: 'info',
      message: 'The brewer has no foam.',
      applies: (root) => scalarAt(root, ['foam']) !== undefined,
      at: key('foam'),
    },
  ],
  float16: null,
  initCode: (start) => divideLines(LIBRARY, start).join('\n'),
};

/**
 * A trainer that nobody has, and the smallest to copy. It needs this file and one line in trainers/all.ts; its key
 * `brew_lora` already has a word of config/hint.ts.
 */
export const brewer: Trainer = {
  id: 'brewer',
  name: 'The brewer',
  syntaxes: ['yaml'],
  hint: /\bbrew_lora\b/,
  loaders: { yaml: 'yaml.safe_load' },
  textNumbers: 'converts',
  source: { repository: 'nobody/brewer', commit: '0000000', date: '2026-01-01' },
  programs: ['brewer'],
  commandLine: { program: /\bbrewer boil\b/, hint: /\bbrewer\b/ },
  layouts: [layout],
};
