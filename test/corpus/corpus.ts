import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a person found in one real file; null = the file does not say. */
export interface CorpusFile {
  file: string;
  format: string;
  isLora: boolean;
  expect: Record<string, unknown>;
  resolved?: Record<string, unknown>;
}

// Real configs of other people stay where they are; they are never copied into this project.
const folder = resolve(process.env.LORA_ALPHA_SHARED ?? join(process.cwd(), '..', 'shared'), 'corpus');
const list = join(folder, 'corpus.json');

/** False on machines that do not have the corpus. */
export const hasCorpus = existsSync(list);
if (!hasCorpus) console.warn(`corpus tests are skipped: there is no ${list} (set LORA_ALPHA_SHARED)`);

const files: CorpusFile[] = hasCorpus ? (JSON.parse(readFileSync(list, 'utf8')) as CorpusFile[]) : [];

/** The corpus files of these formats. */
export function corpusFiles(...formats: string[]): CorpusFile[] {
  return files.filter(({ format }) => formats.includes(format));
}

export function textOf({ file }: CorpusFile): string {
  return readFileSync(join(folder, file), 'utf8');
}
