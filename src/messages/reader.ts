import * as v from 'valibot';
import { fileSummary } from '../scan/summary';

/** What is said between the extension host and the thread that reads configs for it. */

const fileState = v.object({ mtime: v.number(), size: v.number() });

/** A text, with what decides how it is read. */
const openText = v.object({ text: v.string(), path: v.string(), hasWeights: v.boolean() });

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
  /**
   * What a folder on this machine's disk (a `file:` URL) holds: the names of its files that can be configs, at most `most`,
   * and of its folders. Links to folders are left out, and so is what cannot be read or is excluded.
   */
  list: {
    params: v.object({
      url: v.string(),
      /** The folder's path in the workspace with a `/` at its end; empty for the workspace's own folder. */
      within: v.string(),
      /** Globs without braces, for paths in the workspace. */
      exclude: v.array(v.string()),
      most: v.number(),
    }),
    result: v.object({ files: v.array(v.string()), folders: v.array(v.string()) }),
  },
  /**
   * What is asked about a text that is open in the editor, or about that text beside another: a question by its name, with
   * what else it needs. Both sides have one table of questions, which says what is asked and answered.
   */
  ask: {
    params: v.object({ id: v.string(), asked: v.unknown(), text: openText, beside: v.nullable(openText) }),
    result: v.unknown(),
  },
};

export type AskRequest = v.InferOutput<(typeof readerContract)['ask']['params']>;
export type ListRequest = v.InferOutput<(typeof readerContract)['list']['params']>;
export type ListAnswer = v.InferOutput<(typeof readerContract)['list']['result']>;
export type LookRequest = v.InferOutput<(typeof readerContract)['look']['params']>;
export type LookAnswer = v.InferOutput<(typeof readerContract)['look']['result']>;
