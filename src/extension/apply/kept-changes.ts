import * as vscode from 'vscode';
import type { TextEdit } from '../../config/reading';
import type { CodeName } from '../../config/trainers/trainer';
import type { SourceText } from '../questions/read-text';

/** A change that was written into a file, and how far it is carried to its end. */
export interface Applied {
  /** `alpha 16 → 64` */
  what: string;
  /** What was written into the file, in turn. */
  steps: readonly { before: string; edits: readonly TextEdit[] }[];
  code: string | null;
  /** How the config names the class of the code, where the trainer loads such a class by itself. */
  codeName: CodeName | null;
  /** Numbers that must change outside the file; empty where there are none. */
  outside: string;
  alpha: number;
  network: number;
  /** The code is in its file or the script. */
  isCodePlaced: boolean;
  isNamed: boolean;
  /** The text of the code's file that this change has replaced; absent if there was none. */
  replaced?: string;
  /** The user has ended the list of what is to be done. */
  isDone?: true;
}

const KEY = 'loraAlpha.applied';
const MOST_FILES = 20;

export type KeptChanges = ReturnType<typeof keptChanges>;

/** The last change of each file, kept over reloads: what is still to be done, and the code that the next continues. */
export function keptChanges(memento: vscode.Memento) {
  const all = new Map(memento.get<[address: string, Applied][]>(KEY, []));
  const changed = new vscode.EventEmitter<void>();
  const of = (uri: vscode.Uri): Applied | null => all.get(uri.toString()) ?? null;
  const keep = (uri: vscode.Uri, applied: Applied | null): void => {
    const address = uri.toString();
    all.delete(address);
    if (applied) all.set(address, applied);
    void memento.update(KEY, [...all].slice(-MOST_FILES));
    changed.fire();
  };
  const moving = vscode.workspace.onDidRenameFiles(({ files }) => {
    for (const { oldUri, newUri } of files) {
      const applied = of(oldUri);
      if (applied) keep(oldUri, null);
      if (applied) keep(newUri, applied);
    }
  });
  return {
    of,
    keep,
    onDidChange: changed.event,
    /** The text with the code of its last change, which may not be in its place yet: the next change continues it. */
    continued(uri: vscode.Uri, source: SourceText, network: number): SourceText {
      const applied = of(uri);
      const isIn = applied?.network === network && applied.alpha === source.reading.recipes[network]?.alpha;
      return isIn && applied?.code ? { ...source, code: applied.code } : source;
    },
    dispose: () => vscode.Disposable.from(moving, changed).dispose(),
  };
}
