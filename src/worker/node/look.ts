import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mayHoldLora } from '../../config/hint';
import type { LookRequest, LookAnswer } from '../../messages/reader';
import { summaryOf, type FileSummary } from '../../scan/summary';

const decoder = new TextDecoder();

/**
 * Looks into a file on the disk, in a thread that may wait for it: what has not changed is not read, and what is no file, is
 * empty or is longer than `most` bytes is no config. Never throws.
 */
export function lookInto({ url, path, before, most }: LookRequest): LookAnswer {
  try {
    const file = fileURLToPath(url);
    const stat = statSync(file);
    const state = { mtime: stat.mtimeMs, size: stat.size };
    if (before && before.mtime === state.mtime && before.size === state.size) return { kind: 'same' };
    const isRead = stat.isFile() && stat.size > 0 && stat.size <= most;
    return { kind: 'read', ...state, summary: isRead ? summaryOfBytes(readFileSync(file), path) : null };
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) };
  }
}

/** What these bytes say, or null where they are no LoRA config. */
export function summaryOfBytes(content: Uint8Array | string, path: string): FileSummary | null {
  const text = typeof content === 'string' ? content : decoder.decode(content);
  return mayHoldLora(text) ? summaryOf(text, path) : null;
}
