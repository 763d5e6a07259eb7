import type { FileSummary } from '../scan/summary';

/** Reads configs for a list of the workspace's recipes, here or in a thread. */
export interface Reader {
  /**
   * What a file says, or null where it is no LoRA config.
   * @param path decides the syntax by its extension
   * @throws Error where the reading took too long, or its thread died
   */
  read(path: string, content: string | Uint8Array): Promise<FileSummary | null>;
  dispose(): void;
}
