import { divideLines } from '../../../src/config/init-code/divide';
import type { Library } from '../../../src/config/init-code/library';
import { key } from '../../../src/config/trainers/shared/fields';
import type { Layout, Trainer } from '../../../src/config/trainers/trainer';
import { scalarAt } from '../../../src/config/syntax/tree';

const LIBRARY: Library = { A: ['malt'], B: ['hops'], arrays: 'torch' };

const layout: Layout = {
  id: 'brewer',
  recognise: (root) => scalarAt(root, ['brew_lora']) === true || scalarAt(root, ['brew_lora']) === 'true',
  fields: {
    rank: { keys: [key('malt_rank')], otherwise: { value: 6 } },
    alpha: { keys: [key('malt_alpha')], otherwise: { value: 12 } },
    learningRate: { keys: [key('heat')], otherwise: { value: 3e-4 } },
    optimizer: { keys: [key('kettle')], otherwise: { value: 'copper' } },
    weightDecay: { keys: [key('evaporation')], otherwise: { value: 0 } },
    eps: { keys: [], fixed: true, otherwise: { value: 0, why: 'The brewer has no epsilon.' } },
  },
  optimizers: { copper: { row: 'adamw' }, steel: { unknown: 'nobody has looked into it.' } },
  traps: [
    {
      code: 'key-ignored',
      severity: 'info',
      message: 'The brewer has no foam.',
      applies: (root) => scalarAt(root, ['foam']) !== undefined,
      at: key('foam'),
    },
  ],
  initCode: (start) => divideLines(LIBRARY, start).join('\n'),
};

/** A trainer that nobody has: one file, and one line in the list of trainers, are all that it needs. */
export const brewer: Trainer = {
  id: 'brewer',
  name: 'The brewer',
  syntaxes: ['yaml'],
  hint: /\bbrew_lora\b/,
  textNumbers: 'converts',
  interpolates: false,
  source: { repository: 'nobody/brewer', commit: '0000000', date: '2026-01-01' },
  programs: ['brewer'],
  commandLine: { program: /\bbrewer boil\b/, hint: /\bbrewer\b/ },
  layouts: [layout],
};
