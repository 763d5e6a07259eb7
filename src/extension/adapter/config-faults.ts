import type { Fault } from '../../adapter/adapter';
import type { Range } from '../../config/reading';
import type { Problem } from '../diagnostics/problems';

/** The key of adapter_config.json that a fault is about. */
const KEYS: Readonly<Record<string, string>> = {
  'rank-differs': 'r',
  'needs-base': 'init_lora_weights',
  unpaired: 'use_dora',
  'unknown-tensor': 'modules_to_save',
};

/** Where a fault is shown: at its pattern or key, else at alpha, else in the first line. */
function placeOf(text: string, { code, sentence }: Fault): Range {
  const isNamed = (key: string): boolean => ['', '.'].some((end) => `${sentence} `.includes(` ${key}${end} `));
  const patterns = code === 'pattern-unused' ? text.matchAll(/"([^"\\]*)"\s*:\s*[\d.]/g) : [];
  const keys = [...Array.from(patterns, ([, key = '']) => key).filter(isNamed), KEYS[code] ?? '', 'lora_alpha'];
  const key = keys.map((each) => `"${each}"`).find((each) => text.includes(each));
  const start = key === undefined ? 0 : text.indexOf(key);
  return { start, end: key === undefined ? Math.max(0, text.indexOf('\n')) : start + key.length };
}

/** Faults as problems of the config's text. */
export const faultProblems = (text: string, faults: readonly Fault[]): Problem[] =>
  faults.map((fault) => ({
    finding: { code: 'adapter-fault', severity: 'warning', message: fault.sentence, line: null, range: null },
    range: placeOf(text, fault),
  }));
