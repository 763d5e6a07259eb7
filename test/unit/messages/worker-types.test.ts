import { describe, expectTypeOf, it } from 'vitest';
import type * as v from 'valibot';
import type { ExperimentSpec, RunResult } from '../../../src/experiment/spec';
import type { experimentSpec, runResult } from '../../../src/messages/worker';

/** With every optional field there: a schema drops what it does not name, and without a word where it is optional. */
type Full<T> = T extends object ? { [K in keyof T]-?: Full<T[K]> } : T;

type Sent = Full<v.InferOutput<typeof experimentSpec>>;
type Returned = Full<v.InferOutput<typeof runResult>>;

describe('what crosses to the worker (held by the type check)', () => {
  it('is what the experiment takes, field by field', () => {
    expectTypeOf<Sent>().toExtend<Full<ExperimentSpec>>();
    expectTypeOf<Full<ExperimentSpec>>().toExtend<Sent>();
  });

  it('and what it gives', () => {
    expectTypeOf<Returned>().toExtend<Full<RunResult>>();
    expectTypeOf<Full<RunResult>>().toExtend<Returned>();
  });
});
