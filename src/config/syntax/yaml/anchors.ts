import * as l10n from '@vscode/l10n';
import { isAlias, isNode, visit, type Alias, type Document } from 'yaml';
import { lineAt } from '../lines';
import { Stop } from '../stop';
import type { Lock } from '../tree';
import { unread } from './documents';
import type { Content } from './tags';

/** The anchors of one document: the node of each alias, and the aliases of each node. */
export interface Anchors {
  targets: ReadonlyMap<Alias, Content>;
  uses: ReadonlyMap<Content, readonly Alias.Parsed[]>;
}

/** @throws Stop at an anchor that is given twice, and at an alias without an anchor */
export function anchorsOf(document: Document.Parsed): Anchors {
  const given = new Map<string, Content>();
  const targets = new Map<Alias, Content>();
  const uses = new Map<Content, Alias.Parsed[]>();
  visit(document, (_, node) => {
    if (isAlias(node)) {
      const alias = node as Alias.Parsed;
      const target = given.get(alias.source);
      if (!target) throw new Stop(`found undefined alias '${alias.source}'`, alias.range[0]);
      targets.set(alias, target);
      uses.get(target)?.push(alias);
    } else if (isNode(node) && node.anchor !== undefined) {
      const { anchor } = node;
      const anchored = node as Content;
      if (!/^[\w-]+$/.test(anchor)) throw unread(`&${anchor}`, anchored.range[0]);
      if (given.has(anchor)) {
        throw new Stop(`found duplicate anchor '${anchor}'; a document may give a name once`, anchored.range[0]);
      }
      given.set(anchor, anchored);
      uses.set(anchored, []);
    }
  });
  return { targets, uses };
}

/** The largest number of lines that a message names. */
const NAMED = 3;

/** `&a in line 1` */
export function anchorWords({ anchor = '', range: [start] }: Content, text: string): string {
  const line = lineAt(text, Math.max(0, text.lastIndexOf(`&${anchor}`, start)));
  return l10n.t`${`&${anchor}`} in line ${line}`;
}

/** The lock of a node that aliases use. */
export function sharedLock(node: Content, used: readonly Alias.Parsed[], text: string): Lock {
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
