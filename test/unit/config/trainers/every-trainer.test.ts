import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';
import type { ReadField } from '../../../../src/config/reading';
import { rewriteConfig } from '../../../../src/config/rewrite';
import { TRAINERS } from '../../../../src/config/trainers/all';
import type { Layout } from '../../../../src/config/trainers/trainer';

/** Searches and guesses have no fields of their own. */
const layouts = TRAINERS.flatMap(({ id: trainer, layouts }) =>
  layouts.filter(({ fields }) => fields.rank).map((layout) => ({ trainer, id: layout.id, layout })),
);

/** A plan is called exact if these are known, so a layout has each: `fixedAt(…)` for what its trainer lets nobody set. */
const DECIDING: readonly ReadField[] = ['learningRate', 'optimizer', 'maxGradNorm', 'scheduler', 'dropout', 'init'];

/** What is known otherwise. */
const OTHERWISE: Readonly<Record<string, readonly ReadField[]>> = {
  // Clips each value, not the norm.
  simpletuner: ['maxGradNorm'],
  // param_scheduler is a list of schedulers, read in `notUnderstood`.
  xtuner: ['scheduler'],
};

/** A config of PEFT alone leaves the whole training to the script. */
const TRAINING: ReadonlySet<ReadField> = new Set(['learningRate', 'optimizer', 'maxGradNorm', 'scheduler']);

/**
 * Layouts whose schedules have every rate under keys (`linked`), as shares of the learning rate (H2O, verl), or as plugins
 * that are not understood (LLaMA-Factory v1). diffusion-pipe has no plans.
 */
const RATES_ELSEWHERE =
  /^(?:automodel|diffusion-pipe|h2o|llamafactory-v1|mlx-lm.*|ms-swift-megatron|prime-.*|verl-(?:actor|critic|sft).*)$/;

function missing({ id, fields, inScript }: Layout): ReadField[] {
  return DECIDING.filter(
    (field) => !fields[field] && !OTHERWISE[id]?.includes(field) && !(inScript?.learningRate && TRAINING.has(field)),
  );
}

describe('every layout', () => {
  it.each(layouts)('$id says what decides a run', ({ layout }) => {
    const absent = missing(layout).map((field) => `${layout.id} lacks the field ${field}: give its key and default`);
    expect(absent).toEqual([]);
  });

  it.each(layouts)('$id knows the learning rates of its schedules', ({ id, layout }) => {
    if (!layout.fields.scheduler?.keys.length || RATES_ELSEWHERE.test(id)) return;
    expect(layout.schedule, `${id} needs \`schedule\`: a schedule may end at a rate that no key sets`).toBeDefined();
  });

  it.each(layouts.filter(({ id }) => id !== 'diffusion-pipe'))(
    '$id names what it does not understand',
    ({ layout }) => {
      // diffusion-pipe sets alpha to the rank, so it has no plans.
      expect(
        layout.known ?? layout.unread,
        `${layout.id} needs known keys: no plan is exact beside unknown ones`,
      ).toBeDefined();
    },
  );
});

/** Of a guess it is not known what reads the file. */
const READ_BY_ANY: ReadonlySet<string> = new Set(['generic']);
const DATA = ['yaml', 'json', 'toml'] as const;

describe('every trainer', () => {
  it.each(TRAINERS.filter(({ id }) => !READ_BY_ANY.has(id)))(
    '$id says what reads its files',
    ({ syntaxes, loaders }) => {
      const read = DATA.filter((syntax) => loaders?.[syntax] !== undefined);
      expect(read, 'loaders: one of src/config/syntax/loaders.ts for each').toEqual(
        DATA.filter((syntax) => syntaxes.includes(syntax)),
      );
    },
  );

  it.each(TRAINERS)('$id has fixtures, and a judge that reads them', ({ id }) => {
    const folders = [id, `${id}-script`];
    const exists = (path: (folder: string) => string): boolean => folders.map(path).some((file) => existsSync(file));
    // Of loralib only its command is read.
    if (id === 'loralib') return expect(existsSync('test/fixtures/trainers/command-lines/loralib-mrpc.sh')).toBe(true);
    expect(
      exists((name) => `test/fixtures/trainers/${name}`),
      `test/fixtures/trainers/${id}/ is missing`,
    ).toBe(true);
    expect(
      exists((name) => `test/judges/${name}.py`),
      `test/judges/${id}.py is missing`,
    ).toBe(true);
  });
});

it('does not write an adapter whose weights are beside its config', () => {
  const path = 'test/fixtures/trainers/peft/adapter_config.json';
  const text = readFileSync(path, 'utf8');
  const reading = readConfig(text, path, { hasWeights: true });
  const message = expect.stringMatching(/its weights are in the same folder/) as string;
  expect(reading.findings).toMatchObject([{ code: 'trained-adapter', message }]);
  expect(rewriteConfig(text, reading, 0, 128, 'symmetric')).toEqual({ refusal: { code: 'trained-adapter', message } });
});
