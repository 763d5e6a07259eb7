import * as v from 'valibot';
import { fileSummary } from '../scan/summary';

/** What is said between the extension host and the thread that reads configs for it. */

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
