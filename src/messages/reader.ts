import * as v from 'valibot';
import type { Recipe } from '../recipe/recipe';

/** What is said between the extension host and the thread that reads configs for it. */

/** The thread is our own program on the other end of a copy; what a list shows, and grouping starts from, is checked. */
const recipe = v.custom<Recipe>((value) =>
  v.is(
    v.looseObject({
      name: v.string(),
      rank: v.number(),
      alpha: v.number(),
      scaling: v.number(),
      scalingRule: v.picklist(['standard', 'rslora', 'direct']),
      learningRate: v.nullable(v.number()),
      optimizer: v.looseObject({ name: v.nullable(v.string()), row: v.nullable(v.string()) }),
    }),
    value,
  ),
);

const fileSummary = v.object({
  trainer: v.string(),
  recipes: v.array(
    v.object({ name: v.string(), index: v.number(), line: v.nullable(v.number()), isGuess: v.boolean(), recipe }),
  ),
  notUnderstood: v.nullable(v.string()),
  error: v.nullable(v.object({ message: v.string(), line: v.nullable(v.number()) })),
});

const fileState = v.object({ mtime: v.number(), size: v.number() });

/** What the thread can be asked. */
export const readerContract = {
  /** What the file says; null where it is no LoRA config. `path` decides the syntax. */
  summarise: {
    params: v.object({
      path: v.string(),
      content: v.union([v.string(), v.custom<Uint8Array>((value) => value instanceof Uint8Array)]),
    }),
    result: v.nullable(fileSummary),
  },
  /** What a file on this machine's disk (a `file:` URL) says, unless it is as it was `before`, or longer than `most` bytes. */
  look: {
    params: v.object({ url: v.string(), path: v.string(), before: v.nullable(fileState), most: v.number() }),
    result: v.variant('kind', [
      v.object({ kind: v.literal('same') }),
      v.object({ kind: v.literal('read'), ...fileState.entries, summary: v.nullable(fileSummary) }),
      v.object({ kind: v.literal('unreadable'), why: v.string() }),
    ]),
  },
};

export type LookRequest = v.InferOutput<(typeof readerContract)['look']['params']>;
export type LookAnswer = v.InferOutput<(typeof readerContract)['look']['result']>;
