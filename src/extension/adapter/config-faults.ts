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
  const patterns = [...text.matchAll(/"([^"\\]*)"\s*:\s*[\d.]/g)].map(([, key = '']) => key);
  const pattern =
    code === 'pattern-unused'
      ? patterns.find((key) => sentence.includes(` ${key} `) || sentence.includes(` ${key}.`))
      : undefined;
  for (const key of [pattern, KEYS[code], 'lora_alpha']) {
    const start = key === undefined ? -1 : text.indexOf(JSON.stringify(key));
    if (key !== undefined && start >= 0) return { start, end: start + key.length + 2 };
  }
  return { start: 0, end: Math.max(0, text.indexOf('\n')) };
}

/** Faults as problems of the config's text. */
export const faultProblems = (text: string, faults: readonly Fault[]): Problem[] =>
  faults.map((fault) => ({
    finding: { code: 'adapter-fault', severity: 'warning', message: fault.sentence, line: null, range: null },
    range: placeOf(text, fault),
  }));
