import * as l10n from '@vscode/l10n';
import { isAlias, isNode, visit, type Alias, type Document } from 'yaml';
import { lineAt } from '../lines';
import { Stop } from '../stop';
import type { Lock } from '../tree';
import { unread } from './documents';
import type { Content } from './tags';

/** The anchors of one document and the aliases that use them. */
export interface Anchors {
  /** The node that an alias stands for. */
  targetOf: (alias: Alias.Parsed) => Content;
  /** The lock of a node that aliases use; null for other nodes. */
  lockOf: (node: Content) => Lock | null;
  /** The number of aliases that use a node. */
  usesOf: (node: Content) => number;
  /** `The anchor &a in line 1 keeps its value.` */
  wordsOf: (node: Content) => string;
}

/** @throws Stop at an anchor that is given twice, and at an alias without an anchor */
export function anchorsOf(document: Document.Parsed, text: string): Anchors {
  const given = new Map<string, Content>();
  const targets = new Map<Alias, Content>();
  const uses = new Map<Content, Alias.Parsed[]>();
  visit(document, (_, node) => {
    if (isAlias(node)) {
      const alias = node as Alias.Parsed;
      const target = given.get(alias.source);
      if (!target) throw new Stop(`found undefined alias '${alias.source}'`, alias.range[0]);
      targets.set(alias, target);
      const known = uses.get(target);
      if (known) known.push(alias);
      else uses.set(target, [alias]);
    } else if (isNode(node) && node.anchor !== undefined) {
      const anchored = node as Content;
      const { anchor = '' } = anchored;
      if (!/^[\w-]+$/.test(anchor)) throw unread(`&${anchor}`, anchored.range[0]);
      if (given.has(anchor)) {
        throw new Stop(`found duplicate anchor '${anchor}'; a document may give a name once`, anchored.range[0]);
      }
      given.set(anchor, anchored);
    }
  });
  const locks = new Map<Content, Lock>();
  return {
    targetOf: (alias) => targets.get(alias) as Content,
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
function anchorWords(node: Content, text: string): string {
  const anchor = `&${node.anchor ?? ''}`;
  const line = lineAt(text, Math.max(0, text.lastIndexOf(anchor, node.range[0])));
  return l10n.t`${anchor} in line ${line}`;
}

function lockOf(node: Content, used: readonly Alias.Parsed[], text: string): Lock {
  const lines = [...new Set(used.slice(0, NAMED).map(({ range }) => lineAt(text, range[0])))].join(', ');
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
