import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { applyEdits } from '../../config/write/edits';
import { writeWay } from '../../config/compare/write-way';
import {
  comparisonHostContract,
  comparisonPageContract,
  type ComparisonState,
  type ComparisonView,
  type Side,
} from '../../messages/comparison';
import { isConfigDocument, sourceOf } from '../documents/read-document';
import { remindOfCode, undoOf } from '../panel/file-actions';
import { fileViewOf, goneView, waitingView } from '../panel/file-view';
import { followFile } from '../panel/follow';
import { openPage } from '../panel/open-page';
import type { Previews } from '../panel/preview';
import { reveal, showFile } from '../documents/show-file';
import { comparedOf, comparisonViewOf, fileNamesOf, type ComparedConfigs, type SideContents } from './comparison-view';
import { fileNameOf } from '../documents/file-name';

export interface ComparisonDeps {
  extensionUri: vscode.Uri;
  previews: Previews;
  log: vscode.LogOutputChannel;
}

/** One of both files, and which of its recipes. */
export interface PickedRecipe {
  uri: vscode.Uri;
  network: number;
}

export interface ComparisonSession extends vscode.Disposable {
  uris: () => readonly [first: vscode.Uri, second: vscode.Uri];
  view: () => ComparisonView;
  choose(first: PickedRecipe, second: PickedRecipe): void;
}

/** A file that is followed, and what it last said. */
interface Followed extends vscode.Disposable {
  uri: () => vscode.Uri;
  scene: SideContents;
}

/**
 * The host side of a panel that compares two configs. It follows both files, and pushes the whole picture whenever
 * one of them, or what is chosen, changed.
 */
export function startComparison(
  { extensionUri, previews, log }: ComparisonDeps,
  panel: vscode.WebviewPanel,
  beginning: Readonly<Record<Side, PickedRecipe>>,
): ComparisonSession {
  let compared: ComparedConfigs | string | null = null;
  let news: { text: string; message: string } | null = null;
  const sides: Record<Side, Followed> = {
    first: follow(beginning.first, () => refresh()),
    second: follow(beginning.second, () => refresh()),
  };

  const view = (): ComparisonView => {
    const fresh = news && news.text === sides.second.scene.source?.text ? news.message : '';
    return comparisonViewOf(sides.first.scene, sides.second.scene, compared, fresh);
  };
  const kept = ({ uri, scene }: Followed): ComparisonState[Side] => ({ uri: uri().toString(), network: scene.network });
  const push = (): void => {
    panel.title = titleOf(sides.first.uri(), sides.second.uri());
    page.notify('view', { view: view(), state: { first: kept(sides.first), second: kept(sides.second) } });
  };
  const refresh = (): void => {
    compared = comparedOf(sides.first.scene, sides.second.scene);
    push();
  };

  const apply = async (id: 'numbers' | 'alpha' | 'init'): Promise<void> => {
    const way = typeof compared === 'object' ? compared?.result.ways.find((each) => each.way.id === id) : undefined;
    if (!way || compared === null || typeof compared === 'string') return;
    const { first, second } = compared;
    const uri = sides.second.uri();
    const writing = writeWay(first, second, way, uri.path);
    if ('refusal' in writing) {
      void vscode.window.showErrorMessage(writing.refusal.message);
      return;
    }
    const after = applyEdits(second.text, writing.edits);
    const what = vscode.l10n.t('the run of {0}', fileNameOf(sides.first.uri()));
    const remark = second.recipe.guess ?? '';
    const written = await previews.propose({ uri, before: second.text, after, edits: writing.edits, what, remark });
    if (!written) return;
    news = { text: after, message: l10n.t`Written: ${writing.written.join(', ')}. ${undoOf(uri)}` };
    await showFile(uri, true);
    refresh();
    if (writing.code) void remindOfCode(writing.code);
  };

  const page = openPage(panel.webview, {
    extensionUri,
    script: 'comparison.js',
    title: 'LoRA Alpha',
    host: comparisonHostContract,
    handlers: {
      ready: push,
      setNetwork: ({ side, network }) => {
        sides[side].scene.network = network;
        refresh();
      },
      swap: () => {
        [sides.first, sides.second] = [sides.second, sides.first];
        refresh();
      },
      apply: ({ way }) => apply(way),
      copy: async ({ text, what }) => {
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', what), 3000);
      },
      reveal: ({ side, place }) => reveal(sides[side].uri(), place ?? { line: 1 }),
      fault: ({ message }) => log.error(`comparison: ${message}`),
    },
    page: comparisonPageContract,
    onFault: (fault) => log.error(`messages: ${fault}`),
  });

  return {
    uris: () => [sides.first.uri(), sides.second.uri()],
    view,
    choose(first, second) {
      sides.first.scene.network = first.network;
      sides.second.scene.network = second.network;
      refresh();
    },
    dispose: () => {
      vscode.Disposable.from(sides.first, sides.second).dispose();
      page.dispose('the panel was closed');
    },
  };
}

function follow({ uri: start, network }: PickedRecipe, changed: () => void): Followed {
  let uri = start;
  const scene: SideContents = { file: waitingView(uri), source: null, network };
  const following = followFile(uri, {
    onDocument(document) {
      const present = sourceOf(document);
      scene.file = fileViewOf(uri, present.reading, isConfigDocument(document));
      if (scene.file.state === 'ok') scene.source = present;
      changed();
    },
    onMoved(to) {
      uri = to;
    },
    onGone() {
      scene.file = goneView(uri);
      changed();
    },
  });
  return { uri: () => uri, scene, dispose: () => following.dispose() };
}

/** `LoRA: a.yml ↔ b.yml`; where both have one name, with the folders they are in. */
export function titleOf(first: vscode.Uri, second: vscode.Uri): string {
  const names = fileNamesOf(first.path, second.path);
  return `LoRA: ${names.first} ↔ ${names.second}`;
}
