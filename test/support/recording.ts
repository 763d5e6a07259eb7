import type { RecordedGroup, RecordedModule, Recording } from '../../src/run/recording';

type Group = Partial<Omit<RecordedGroup, 'roles'>> & { roles?: Record<string, number> };

/** A parameter group with so many parameters of each role; AdamW's numbers unless it has its own. */
export function group({ roles = { A: 2, B: 2 }, numbers = {}, ...rest }: Group = {}): RecordedGroup {
  const held = Object.entries(roles).map(([role, count]) => [role, { count, names: [`model.${role}`] }]);
  const usual = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.01, amsgrad: false, foreach: null };
  return {
    roles: Object.fromEntries(held) as RecordedGroup['roles'],
    numbers: { ...usual, ...numbers },
    lr: [1e-3, 1e-3, 1e-3],
    changed: [],
    ...rest,
  };
}

export function module(own: Partial<RecordedModule> = {}): RecordedModule {
  return {
    ...{
      name: 'model.layers.0.q_proj',
      adapter: 'default',
      kind: 'peft.tuners.lora.layer.Linear',
      rank: 8,
      scaling: 2,
    },
    ...{ dtype: 'torch.float32', initA: { std: 0.1, max: 0.2 }, initB: { max: 0 }, dropout: 0, dora: false },
    ...{ embedding: false, bias: false, trains: { A: true, B: true } },
    ...own,
  };
}

/** Sketches at steps 1 and 3 of one module; `value` stands for the bits of its ΔW. */
export const sketches = (value: number): Recording['sketches'] =>
  [1, 3].map((step) => ({
    step,
    modules: { 'q_proj.default': { norm: step, values: [value * step, 1], sha: `${step}:${value}` } },
  }));

/** A recording of three steps of AdamW on two PEFT modules. */
export function recording(own: Partial<Recording> = {}): Recording {
  return {
    ...{ format: 'lora-alpha-run/1', command: ['train.py', '--lr', '1e-3'], versions: { torch: '2.13.0' } },
    ...{ world: { size: 1, rank: 0 }, steps: 3, ended: 'steps', reason: '', precision: { scaler: null } },
    losses: [3, 2.5, 2],
    optimizers: [{ class: 'torch.optim.adamw.AdamW', groups: [group()] }],
    clips: [{ kind: 'norm', threshold: 1, over: 'lora', norms: [0.1, 0.2, 0.1] }],
    modules: [module(), module({ name: 'model.layers.0.v_proj' })],
    others: { count: 0, names: [] },
    sketches: sketches(1),
    ...{ notSeen: [], refused: null },
    ...own,
  };
}

/** The text that the recorder writes: one line. */
export const textOf = (own: Partial<Recording> = {}): string => JSON.stringify(recording(own));
