import * as vscode from 'vscode';
import type { FileView, PanelState } from '../../messages/panel';
import { turns } from '../../worker/runner';
import { firstTarget } from '../best-plan';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';
import { experimentSettings, taskSetting } from '../settings';
import { waitingView } from './panel-view';
import { followFile } from './follow';
import { recipeOf, type Outlook, type PanelChoice } from './outlook';

/** What a panel begins with: a file and a network, or all that an earlier one kept. */
export interface Beginning {
  uri: vscode.Uri;
  network: number;
  kept: PanelState | null;
}

interface Planned {
  file: FileView;
  source: SourceText | null;
  choice: PanelChoice;
  outlook: Outlook | null;
}

interface PlannedFile extends vscode.Disposable {
  uri(): vscode.Uri;
  now(): Planned;
  /** Fires when `now` has changed, with the milliseconds for which a run of it should wait. */
  readonly onDidChange: vscode.Event<number>;
  /** @throws Error for an alpha that cannot be; everything stays as it was */
  choose(change: Partial<PanelChoice>): Promise<void>;
  chooseNetwork(network: number): Promise<void>;
  refresh(): Promise<void>;
}

/** Typing pauses this long before the curves are drawn anew. */
const SETTLE_MS = 400;

/** Follows a file, and computes the outlook of each text and each choice, one at a time. */
export function planFile({ uri, network, kept }: Beginning, noted: (error: unknown) => void): PlannedFile {
  const changed = new vscode.EventEmitter<number>();
  const inTurn = turns();
  let planned: Planned = {
    file: waitingView(uri),
    source: null,
    choice: {
      network,
      target: kept?.target ?? { alpha: 1 },
      plan: kept?.plan ?? 'symmetric',
      task: kept?.task ?? taskSetting(),
    },
    outlook: null,
  };
  // Until a plan was shown, the target is one that fits the recipe.
  let untouched = kept === null;
  let isOver = false;

  /** Takes a choice and what is new of the file; where that throws, everything stays as it was. */
  const plan = async (
    settleMs: number,
    change: Partial<PanelChoice>,
    { file, source }: Pick<Planned, 'file' | 'source'>,
  ): Promise<void> => {
    const choice = { ...planned.choice, ...change };
    const outlook = source ? await ask('outlook', source, { choice, options: experimentSettings() }) : null;
    if (isOver) return;
    if (typeof outlook === 'string') throw new Error(outlook);
    // Text and outlook change together: what is written belongs to the text it was planned for.
    planned = { file, source, choice, outlook };
    changed.fire(settleMs);
  };
  /** Something is wrong with the file: the last good text and its outlook stay. */
  const mark = (file: FileView): void => {
    if (isOver) return;
    planned = { ...planned, file };
    changed.fire(SETTLE_MS);
  };

  const take = async (file: FileView, source: SourceText | null): Promise<void> => {
    if (!source) return mark(file);
    const recipe = recipeOf(source, planned.choice);
    const first = recipe && untouched ? { target: firstTarget(recipe) } : {};
    untouched = false;
    try {
      await plan(SETTLE_MS, first, { file, source });
    } catch (error) {
      untouched = 'target' in first;
      // A number that no plan can start from: the page says why.
      const message = error instanceof Error ? error.message : String(error);
      mark({ ...file, state: 'broken', message });
    }
  };
  const choose = (change: Partial<PanelChoice>): Promise<void> => inTurn(() => plan(SETTLE_MS, change, planned));

  const followed = followFile(uri, { onFile: take, inTurn, noted });

  return {
    uri: followed.uri,
    now: () => planned,
    onDidChange: changed.event,
    choose,
    chooseNetwork: (network) =>
      inTurn(async () => {
        const recipe = planned.source?.reading.recipes[network];
        if (recipe) await plan(SETTLE_MS, { network, target: firstTarget(recipe) }, planned);
      }),
    refresh: () => inTurn(() => plan(0, {}, planned)),
    dispose() {
      isOver = true;
      followed.dispose();
      changed.dispose();
    },
  };
}
