import type { Adapter } from '../adapter/adapter';
import type { Wrong } from '../adapter/files/safetensors';
import type { Measured } from '../adapter/measure';
import { unchecked } from '../messages/rpc';
import type { FileSummary } from '../scan/summary';

type FileState = Record<'mtime' | 'size', number>;

/** A text, and all that decides how it is read. */
export interface Text {
  text: string;
  /** Its extension names the syntax. */
  path: string;
  /** The file is the config of an adapter whose trained weights were seen beside it. */
  hasWeights: boolean;
  /** The code of an earlier plan that goes with it. */
  code?: string | undefined;
  /** A recording of a run is read as the config that it had. */
  isRun?: boolean | undefined;
}

export interface ReadRequest {
  path: string;
  content: string | Uint8Array;
}

/** What a file (a `file:` URL) says, unless it is as it was `before`, or longer than `most` bytes. */
export interface LookRequest {
  url: string;
  path: string;
  before: FileState | null;
  most: number;
}
export type LookAnswer =
  { kind: 'same' } | ({ kind: 'read'; summary: FileSummary | null } & FileState) | { kind: 'unreadable'; why: string };

/** What a folder (a `file:` URL) holds: at most `most` files that can be configs, and folders. */
export interface ListRequest {
  url: string;
  /** Path in the workspace with a `/` at its end; empty for the workspace's own folder. */
  within: string;
  /** Globs without braces, for paths in the workspace. */
  exclude: string[];
  most: number;
}
export type ListAnswer = Record<'files' | 'folders', string[]>;

/** A question by its name in the table that both sides have, about a text, or about that beside another. */
export interface AskRequest {
  id: string;
  asked: unknown;
  text: Text;
  beside: Text | null;
}

/** The files of an adapter (`file:` URLs), and the text of its config where that is edited. */
export interface AdapterRequest {
  urls: string[];
  config: string | null;
}

/** A file that takes longer than so many milliseconds is given up, in a thread and in the terminal. */
export const READING_MS = 10_000;

/** A text took too long to read. */
export class NoAnswer extends Error {}

/** What the thread that reads configs for the extension host can be asked: see {@link ConfigReader}. */
export const readerContract = {
  read: unchecked<ReadRequest, FileSummary | null>(),
  look: unchecked<LookRequest, LookAnswer>(),
  list: unchecked<ListRequest, ListAnswer>(),
  ask: unchecked<AskRequest, unknown>(),
  adapter: unchecked<AdapterRequest, Adapter | Wrong>(),
  measured: unchecked<AdapterRequest & { from: number }, (Measured | null)[]>(),
};

/**
 * Reads configs for a list of the workspace's recipes, here or in a thread. What it cannot do is null.
 * @throws Error (each of them) where it took too long, or its thread died
 */
export interface ConfigReader {
  /** What a file says, or null where it is no LoRA config. `path` decides the syntax by its extension. */
  read(path: string, content: string | Uint8Array): Promise<FileSummary | null>;
  /** Looks into a file on the disk itself, so that its bytes never pass through this thread. */
  look: ((file: LookRequest) => Promise<LookAnswer>) | null;
  list: ((folder: ListRequest) => Promise<ListAnswer>) | null;
  ask: ((request: AskRequest) => Promise<unknown>) | null;
  /** Opens and measures adapters on the disk in ranges, so that no file is held whole. */
  adapters: {
    open(files: AdapterRequest): Promise<Adapter | Wrong>;
    /** Some modules from one on. */
    measure(files: AdapterRequest, from: number): Promise<(Measured | null)[]>;
  } | null;
  dispose(): void;
}
