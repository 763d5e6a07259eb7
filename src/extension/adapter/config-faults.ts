import type * as vscode from 'vscode';
import type { Fault, FaultCode } from '../../adapter/adapter';
import { ADAPTER_CONFIG } from '../../adapter/open';
import type { Range } from '../../config/reading';
import type { ConfigReader } from '../../worker/config-reader';
import type { Problem } from '../diagnostics/problems';
import { openedAdapter } from './adapters';

/** The key of adapter_config.json that a fault is about. */
const KEYS: Partial<Readonly<Record<FaultCode, string>>> = {
  'rank-differs': 'r',
  'needs-base': 'init_lora_weights',
  unpaired: 'use_dora',
  'unknown-tensor': 'modules_to_save',
};

/** Where a fault is shown: at its pattern or key, else at alpha, else in the first line. */
export function placeOf(text: string, { code, sentence }: Fault): Range {
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

/** What is missing or contradictory in the adapter whose config a document is. */
export async function configFaults(
  document: vscode.TextDocument,
  reader: ConfigReader['adapters'],
): Promise<Problem[]> {
  if (!document.uri.path.endsWith(`/${ADAPTER_CONFIG}`)) return [];
  const text = document.getText();
  const opened = await openedAdapter(reader, document.uri, text).catch(() => null);
  if (!opened || 'wrong' in opened) return [];
  return opened.adapter.faults.map((fault) => ({
    finding: { code: 'adapter-fault', severity: 'warning', message: fault.sentence, line: null, range: null },
    range: placeOf(text, fault),
  }));
}
