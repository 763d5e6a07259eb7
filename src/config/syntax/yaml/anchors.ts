import * as l10n from '@vscode/l10n';
import { isAlias, visit, type Alias, type Document, type Node } from 'yaml';
import { lineAt } from '../lines';
import type { Lock } from '../tree';

/** The anchors of one document and the aliases that use them. */
export interface Anchors {
  /** The node that an alias stands for; undefined if no anchor above has its name. */
  targetOf: (alias: Alias) => Node | undefined;
  /** The lock of a node that aliases use; null for other nodes. */
  lockOf: (node: Node) => Lock | null;
  /** The number of aliases that use a node. */
  usesOf: (node: Node) => number;
  /** `The anchor &a in line 1 keeps its value.` */
  wordsOf: (node: Node) => string;
}

/** Reads the document from the top, because an anchor may be defined again further down. */
export function anchorsOf(document: Document.Parsed, text: string): Anchors {
  const given = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const uses = new Map<Node, Alias[]>();
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor) given.set(node.anchor, node);
        return;
      }
      const target = given.get(node.source);
      if (!target) return;
      targets.set(node, target);
      const known = uses.get(target);
      if (known) known.push(node);
      else uses.set(target, [node]);
    },
  });
  const locks = new Map<Node, Lock>();
  return {
    usesOf: (node) => uses.get(node)?.length ?? 0,
    wordsOf: (node) => l10n.t`The anchor ${anchorWords(node, text)} keeps its value.`,
    targetOf: (alias) => targets.get(alias),
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
function anchorWords(node: Node, text: string): string {
  const anchor = 'anchor' in node ? `&${String(node.anchor)}` : '';
  const line = lineAt(text, Math.max(0, text.lastIndexOf(anchor, node.range?.[0] ?? 0)));
  return l10n.t`${anchor} in line ${line}`;
}

function lockOf(node: Node, used: readonly Alias[], text: string): Lock {
  const lines = [...new Set(used.slice(0, NAMED).map(({ range }) => lineAt(text, range?.[0] ?? 0)))].join(', ');
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
