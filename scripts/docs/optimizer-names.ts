import { BNB_CLASSES } from '../../src/config/optimizers/bitsandbytes';
import { TORCH_CLASSES } from '../../src/config/optimizers/torch';
import { TORCHAO_CLASSES } from '../../src/config/optimizers/torch';
import { isNoRule, reasonOf, type OptimizerNames, type OptimizerWord } from '../../src/config/optimizers/word';
import { TRAINERS } from '../../src/config/trainers/all';
import { HF_NAMES } from '../../src/config/trainers/hugging-face/optimizers';
import { SCRIPT_NAMES } from '../../src/config/trainers/python/optimizers';

/** One name of one trainer, and its meaning. */
export interface OptimizerName {
  trainer: string;
  name: string;
  /** The possible rows, the one without arguments first; empty if no rule is known. */
  rows: readonly string[];
  /** Why there is no row (for some arguments, where there are rows), as sentences. */
  reasons: readonly string[];
}

/** Names that several trainers take over as they are. */
const SHARED: readonly (readonly [owner: string, names: OptimizerNames])[] = [
  ['Hugging Face Trainer', HF_NAMES],
  ['Classes by their path', { ...TORCH_CLASSES, ...BNB_CLASSES, ...TORCHAO_CLASSES, ...SCRIPT_NAMES }],
];

/** Every optimizer name that a trainer is known to take: those that several share, then what each has beyond them. */
export function optimizerNames(): OptimizerName[] {
  const shared = SHARED.flatMap(([owner, names]) => namesOf(owner, [names]));
  const listed = new Set(shared.map(meaningIn));
  const takers = new Map<OptimizerNames, string[]>();
  for (const { name, layouts, isGuess } of TRAINERS) {
    if (isGuess) continue;
    for (const table of new Set(layouts.map(({ optimizers }) => optimizers)))
      takers.set(table, [...(takers.get(table) ?? []), name]);
  }
  const titles = new Map([...takers].map(([table, names]) => [table, names.join(', ')]));
  const own = [...new Set(titles.values())].flatMap((title) =>
    namesOf(
      title,
      [...titles].flatMap(([table, of]) => (of === title ? [table] : [])),
    ),
  );
  return [...shared, ...own.filter((name) => !listed.has(meaningIn(name)))];
}

/** The words about a name, for every trainer that has it. */
const meaningIn = ({ name, rows, reasons }: OptimizerName): string => JSON.stringify([name, rows, reasons]);

/** The names of one trainer, each once: its layouts may have some in common. */
function namesOf(trainer: string, tables: readonly OptimizerNames[]): OptimizerName[] {
  const found = new Map<string, OptimizerName>();
  for (const [name, word] of tables.flatMap((table) => Object.entries(table))) {
    const { rows, reasons } = meaningOf(name, word);
    const before = found.get(name);
    found.set(name, {
      trainer,
      name,
      rows: [...new Set([...(before?.rows ?? []), ...rows])],
      reasons: [...new Set([...(before?.reasons ?? []), ...reasons])],
    });
  }
  return [...found.values()];
}

function meaningOf(name: string, word: OptimizerWord): Pick<OptimizerName, 'rows' | 'reasons'> {
  const reason = reasonOf(name, word);
  if (isNoRule(word)) return { rows: [], reasons: reason === null ? [] : [reason] };
  const variants = word.variants ?? [];
  const rows = variants.flatMap(({ is }) => (isNoRule(is) || is.row === undefined ? [] : [is.row]));
  const reasons = variants.flatMap(({ is }) => (isNoRule(is) ? [reasonOf(name, is) ?? ''] : []));
  return { rows: [...new Set([word.row, ...rows])], reasons: [...new Set(reasons)] };
}
