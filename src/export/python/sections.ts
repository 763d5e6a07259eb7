import { text as check } from './check.py';
import { text as convert } from './convert.py';
import { text as lion } from './lion.py';

/** The sections of a Python file by the comments that begin them: `# --- imports ---`. */
function sectionsOf(source: string): ReadonlyMap<string, string> {
  const parts = source.split(/^# --- (\w+) ---\n/m).slice(1);
  const named = parts.flatMap((name, i) => (i % 2 === 0 ? [[name, (parts[i + 1] ?? '').trim()] as const] : []));
  return new Map(named);
}

const CHECK = sectionsOf(check);

/** The imports of every exported file. */
export const IMPORTS = CHECK.get('imports') ?? '';
/** What every exported file does with its numbers. */
export const BODY = CHECK.get('check') ?? '';
/** The optimizer Lion, which neither torch nor transformers has. */
export const LION = sectionsOf(lion).get('class') ?? '';

const CONVERSION = sectionsOf(convert);

/** The imports of a file that converts a checkpoint, and what it does with its numbers. */
export const CONVERT_IMPORTS = CONVERSION.get('imports') ?? '';
export const CONVERT = CONVERSION.get('convert') ?? '';
