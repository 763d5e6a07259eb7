import * as l10n from '@vscode/l10n';
import { numberLabel } from '../../recipe/notation';
import { divisorsOf, type InitStart } from '../init-code/divide';
import { HEAD, placedIn, type Placed } from '../init-code/placed';
import type { Range, ReadRecipe, Unread } from '../reading';
import { entryAt, type MapNode, type SyntaxNode } from '../syntax/tree';
import type { Layout } from '../trainers/trainer';
import type { FoundRun } from './recognise/opened';

/** The code of an earlier plan that divides the init of a run; `placed` is null if none is there that is understood. */
export interface OwnCode {
  placed: Placed | null;
  /** Where the code stands in the script itself. */
  at: { range: Range; indent: string } | null;
  recipe: Pick<ReadRecipe, 'initFactors'>;
  /** What is not understood of the run, this code among it. */
  unread: readonly Unread[];
}

type Factors = Pick<InitStart, 'init' | 'k'>;
type OfRun = Pick<FoundRun, 'layout' | 'root'>;

/** What the trainer's code follows from: factors, the init method and the adapter's name. */
export function startOf({ layout, root }: OfRun, method: ReadRecipe['init'], factors: Factors): InitStart {
  const adapter = layout.adapter?.(root);
  return { ...factors, method, ...(adapter === undefined ? {} : { adapter }) };
}

const codeOf = (run: OfRun, method: ReadRecipe['init']) => (factors: Factors) =>
  run.layout.initCode(startOf(run, method, factors));

/** The class of our code in the list of the config that names it. */
export function namedIn(root: MapNode, name: Layout['codeName']): SyntaxNode | undefined {
  const value = name && entryAt(root, name.key.path)?.value;
  return (value?.kind === 'list' ? value.items : []).find((one) => one.kind === 'scalar' && one.value === name?.item);
}

/** What a file of code of ours does for a run; null if it is something else, or was changed. */
export function codeIn(run: OfRun, method: ReadRecipe['init'], text: string): Placed | null {
  const found = placedIn(text.trim(), codeOf(run, method));
  return found?.range.end === text.trim().length ? found.placed : null;
}

/** Our own code of a run: in its script, or in the file beside it, whose text is `beside`. */
export function ownCode(run: FoundRun, { init: method, scaling }: ReadRecipe, beside = ''): OwnCode {
  const { document, layout, root } = run;
  const inScript = layout.adapter ? placedIn(document.text, codeOf(run, method)) : null;
  const placed = inScript ? inScript.placed : codeIn(run, method, beside);
  if (placed && Math.abs(placed.to / scaling - 1) < 1e-4) {
    const { A, B } = divisorsOf({ init: placed.init, k: placed.to / placed.from, method });
    // All below the first line is known; that line is where it may stand in the wrong place.
    const { start = 0, end = 0 } = inScript?.range ?? {};
    const unread = run.unread.filter(({ range }) => !(range.start > start && range.end <= end));
    return { placed, at: inScript, recipe: { initFactors: { A: 1 / A, B: 1 / B } }, unread };
  }
  const range = inScript?.range ?? namedIn(root, layout.codeName)?.range ?? (beside === '' ? null : root.range);
  let why = l10n.t('LoRA Alpha cannot read the code that goes with this, so what it does to the init is unknown.');
  if (inScript ?? HEAD.test(beside))
    why = l10n.t('This code of LoRA Alpha was changed by hand, so what it does to the init is unknown.');
  const [other = '', own = ''] = [placed?.to ?? 1, scaling].map((one) => numberLabel(one));
  if (placed) why = l10n.t`This code of LoRA Alpha is for scaling ${other}, and this file has scaling ${own}.`;
  return { ...NO_CODE, unread: [...run.unread, ...(range ? [{ range, why }] : [])] };
}

/** What is read where there is no such code. */
export const NO_CODE: OwnCode = { placed: null, at: null, recipe: {}, unread: [] };
