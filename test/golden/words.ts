import type { FactorChanges } from '../../src/recipe/gauge';
import type { ConstantId } from '../../src/recipe/optimizers/constants';
import type { FactorHyper } from '../../src/experiment/spec';

/** What a twin leaves out of the exact rule, by the golden file's words. */

interface Word {
  /** Numbers that stay as they are. */
  stays: readonly ('lr' | 'weightDecay' | 'early' | ConstantId)[] | 'all';
  /** Power of c by which the rate moves in place of the rule's. */
  lr?: number;
}

const WORDS: Readonly<Record<string, Word>> = {
  rule: { stays: [] },
  lr_same: { stays: ['lr'] },
  wd_same: { stays: ['weightDecay'] },
  eps_same: { stays: ['eps', 'epsRms'] },
  eps2_same: { stays: ['eps', 'epsRms'] },
  iav_same: { stays: ['initialAccumulator'] },
  d0_same: { stays: ['d0'] },
  gamma_same: { stays: ['gamma'] },
  step_sizes_same: { stays: ['stepMin', 'stepMax'] },
  lambd_same: { stays: ['lambd'] },
  phi_max_same: { stays: ['trustCap'] },
  // The rate of all steps moves as that of the later ones.
  lr_const_over_c: { stays: ['early'] },
  no_step1_fix: { stays: ['early'] },
  // A rate that the optimizer sets by itself cannot move.
  no_hook: { stays: ['eps', 'epsRms', 'lr'] },
  lr_over_c: { stays: [], lr: -1 },
  lr_over_c2: { stays: [], lr: -2 },
  lr_same_eps_same: { stays: 'all' },
  lr_over_c_eps_same: { stays: 'all', lr: -1 },
  lr_over_c2_eps_same: { stays: 'all', lr: -2 },
};

/** Whether a variant's name says something to us. */
export function isKnownWord(word: string): boolean {
  return Object.hasOwn(WORDS, word);
}

/** The numbers of a factor that starts divided by c, but for what the word leaves out. */
export function movedBut(word: string, hyper: FactorHyper, moves: FactorChanges, c: number): FactorHyper {
  const { stays, lr } = WORDS[word] ?? { stays: [] };
  const stay = (key: 'lr' | 'weightDecay' | 'early' | ConstantId): boolean => stays === 'all' || stays.includes(key);
  const rate = lr === undefined ? (stay('lr') ? 1 : moves.lr) : c ** lr;
  return {
    lr: hyper.lr * rate,
    weightDecay: hyper.weightDecay * (stay('weightDecay') ? 1 : moves.weightDecay),
    constants: Object.fromEntries(
      Object.entries(hyper.constants).map(([key, value]) => {
        const id = key as ConstantId;
        return [id, value * (stay(id) ? 1 : (moves.constants[id] ?? 1))];
      }),
    ),
    ...(stay('early') ? {} : { early: moves.early }),
  };
}
