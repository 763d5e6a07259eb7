import { unchecked } from '../messages/rpc';
import type { FileSummary } from '../scan/summary';

interface FileState {
  mtime: number;
  size: number;
}

/** A text, with what decides how it is read. */
interface OpenText {
  text: string;
  path: string;
  hasWeights: boolean;
}

export interface ReadRequest {
  path: string;
  content: string | Uint8Array;
}

/**
 * What a file on this machine's disk (a `file:` URL) says, unless it is as it was `before`, or longer than `most`
 * bytes.
 */
export interface LookRequest {
  url: string;
  path: string;
  before: FileState | null;
  most: number;
}
export type LookAnswer =
  { kind: 'same' } | ({ kind: 'read'; summary: FileSummary | null } & FileState) | { kind: 'unreadable'; why: string };

/**
 * What a folder on this machine's disk (a `file:` URL) holds: at most `most` files that can be configs, and folders.
 */
export interface ListRequest {
  url: string;
  /** The folder's path in the workspace with a `/` at its end; empty for the workspace's own folder. */
  within: string;
  /** Globs without braces, for paths in the workspace. */
  exclude: string[];
  most: number;
}
export interface ListAnswer {
  files: string[];
  folders: string[];
}

/**
 * A question about a text, or about that text beside another, by its name in the table of questions that both sides
 * have.
 */
export interface AskRequest {
  id: string;
  asked: unknown;
  text: OpenText;
  beside: OpenText | null;
}

/** A text took too long to read. */
export class NoAnswer extends Error {}

/** What the thread that reads configs for the extension host can be asked: see {@link ConfigReader}. */
export const readerContract = {
  read: unchecked<ReadRequest, FileSummary | null>(),
  look: unchecked<LookRequest, LookAnswer>(),
  list: unchecked<ListRequest, ListAnswer>(),
  ask: unchecked<AskRequest, unknown>(),
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
  dispose(): void;
}
