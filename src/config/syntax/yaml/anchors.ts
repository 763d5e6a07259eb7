import * as l10n from '@vscode/l10n';
import { lineAt } from '../lines';
import type { Lock } from '../tree';
import type { Anchored, YamlAlias, YamlDocument } from './nodes';

/** The anchors of one document and the aliases that use them. */
export interface Anchors {
  /** The lock of a node that aliases use; null for other nodes. */
  lockOf: (node: Anchored) => Lock | null;
  /** The number of aliases that use a node. */
  usesOf: (node: Anchored) => number;
  /** `The anchor &a in line 1 keeps its value.` */
  wordsOf: (node: Anchored) => string;
}

export function anchorsOf({ aliases }: YamlDocument, text: string): Anchors {
  const uses = new Map<Anchored, YamlAlias[]>();
  for (const alias of aliases) {
    const known = uses.get(alias.target);
    if (known) known.push(alias);
    else uses.set(alias.target, [alias]);
  }
  const locks = new Map<Anchored, Lock>();
  return {
    usesOf: (node) => uses.get(node)?.length ?? 0,
    wordsOf: (node) => l10n.t`The anchor ${anchorWords(node, text)} keeps its value.`,
    lockOf: (node) => {
      const used = uses.get(node);
      if (!used) return null;
      const lock = locks.get(node) ?? lockOf(node, used, text);
      locks.set(node, lock);
      return lock;
    },
  };
}

/** The largest number of lines that a message names. */
const NAMED = 3;

/** `&a in line 1` */
function anchorWords(node: Anchored, text: string): string {
  const anchor = `&${node.anchor ?? ''}`;
  const line = lineAt(text, Math.max(0, text.lastIndexOf(anchor, node.start)));
  return l10n.t`${anchor} in line ${line}`;
}

function lockOf(node: Anchored, used: readonly YamlAlias[], text: string): Lock {
  const lines = [...new Set(used.slice(0, NAMED).map(({ start }) => lineAt(text, start)))].join(', ');
  const anchor = anchorWords(node, text);
  const where = used.length > NAMED ? `${lines}, …` : lines;
  return {
    code: 'yaml-shared',
    message:
      used.length === 1
        ? l10n.t`This value has the YAML anchor ${anchor}, and one other place uses it (line ${where}), so a change here would change both. Write the value out in one of the two places first.`
        : l10n.t`This value has the YAML anchor ${anchor}, and ${used.length} other places use it (line ${where}), so a change here would change them all. Write the value out where it should differ first.`,
  };
}
