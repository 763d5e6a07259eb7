import type { AskRequest, ListAnswer, ListRequest, LookAnswer, LookRequest } from '../messages/reader';
import type { FileSummary } from '../scan/summary';

/** Reads configs for a list of the workspace's recipes, here or in a thread. */
export interface ConfigReader {
  /**
   * What a file says, or null where it is no LoRA config.
   * @param path decides the syntax by its extension
   * @throws Error where the reading took too long, or its thread died
   */
  read(path: string, content: string | Uint8Array): Promise<FileSummary | null>;
  /**
   * Looks into a file on the disk itself, so that its bytes never pass through this thread; null where it cannot.
   * @throws Error where that took too long, or its thread died
   */
  look: ((file: LookRequest) => Promise<LookAnswer>) | null;
  /**
   * What a folder on the disk holds, read in a thread; null where it cannot.
   * @throws Error where that took too long, or its thread died
   */
  list: ((folder: ListRequest) => Promise<ListAnswer>) | null;
  /**
   * Answers what is asked about an open text, in a thread; null where it cannot.
   * @throws Error where that took too long, or its thread died
   */
  ask: ((request: AskRequest) => Promise<unknown>) | null;
  dispose(): void;
}
