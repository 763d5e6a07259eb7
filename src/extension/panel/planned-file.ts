import * as vscode from 'vscode';
import type { FileView, PanelState } from '../../messages/panel';
import { messageOf } from '../../messages/rpc';
import { turns } from '../../worker/runner';
import type { KeptChanges } from '../apply/kept-changes';
import { firstTarget } from '../best-plan';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';
import { defaultTarget, experimentSettings, taskSetting } from '../settings';
import { followFile } from './follow';
import { recipeOf, type Outlook, type PanelChoice } from './outlook';
import { waitingView } from './panel-view';

/** What a panel begins with: a file and a network, or all that an earlier one kept. */
export interface Beginning {
  uri: vscode.Uri;
  network: number;
  kept: PanelState | null;
  /** The opened results, where nothing else was kept. */
  results?: PanelState['results'];
}

interface Planned {
  file: FileView;
  source: SourceText | null;
  choice: PanelChoice;
  outlook: Outlook | null;
}

/** Typing pauses this long before the curves are drawn anew. */
const SETTLE_MS = 400;

/** Follows a file, and computes the outlook of each text and each choice, one at a time. */
export function planFile({ uri, network, kept }: Beginning, changes: KeptChanges, noted: (error: unknown) => void) {
  const changed = new vscode.EventEmitter<number>();
  const inTurn = turns();
  const { target, plan, task, rule } = kept ?? {
    ...{ target: { alpha: 1 }, plan: 'symmetric' as const, task: taskSetting(), rule: '' },
  };
  const choice = { network, target, plan, task, rule };
  let now: Planned = { file: waitingView(uri), source: null, choice, outlook: null };
  // Until a plan was shown, the target is one that fits the recipe.
  let untouched = kept === null;
  let isOver = false;

  const become = (next: Partial<Planned>, settleMs: number): void => {
    if (isOver) return;
    now = { ...now, ...next };
    changed.fire(settleMs);
  };
  /** Takes a choice and what is new of the file; where that throws, everything stays as it was. */
  const take = async (
    change: Partial<PanelChoice>,
    { file, source }: Pick<Planned, 'file' | 'source'> = now,
    settleMs = SETTLE_MS,
  ): Promise<void> => {
    const choice = { ...now.choice, ...change };
    const text = source && changes.continued(followed.uri(), source, choice.network);
    const outlook = text ? await ask('outlook', text, { choice, options: experimentSettings() }) : null;
    if (typeof outlook === 'string') throw new Error(outlook);
    // Text and outlook change together: what is written belongs to the text it was planned for.
    become({ file, source, choice, outlook }, settleMs);
  };
  const onFile = async (file: FileView, source: SourceText | null): Promise<void> => {
    // Something is wrong with the file: the last good text and its outlook stay.
    if (!source) return become({ file }, SETTLE_MS);
    const recipe = recipeOf(source, now.choice);
    const first = recipe && untouched ? { target: firstTarget(recipe, defaultTarget()) } : {};
    untouched = false;
    try {
      await take(first, { file, source });
    } catch (error) {
      untouched = 'target' in first;
      // A number that no plan can start from: the page says why.
      become({ file: { ...file, state: 'broken', message: messageOf(error) } }, SETTLE_MS);
    }
  };
  const followed = followFile(uri, { onFile, inTurn, noted });

  return {
    uri: followed.uri,
    now: () => now,
    /** Fires when `now` has changed, with the milliseconds for which a run of it should wait. */
    onDidChange: changed.event,
    /** @throws Error for an alpha that cannot be; everything stays as it was */
    choose: (change: Partial<PanelChoice>): Promise<void> => inTurn(() => take(change)),
    chooseNetwork: (index: number): Promise<void> =>
      inTurn(async () => {
        const recipe = now.source?.reading.recipes[index];
        if (recipe) await take({ network: index, target: firstTarget(recipe, defaultTarget()) });
      }),
    refresh: (): Promise<void> => inTurn(() => take({}, now, 0)),
    /** Resolves when all that was chosen or read until now is in `now`. */
    caughtUp: (): Promise<void> => inTurn(() => Promise.resolve()),
    dispose() {
      isOver = true;
      followed.dispose();
      changed.dispose();
    },
  };
}
