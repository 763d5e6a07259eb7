import * as l10n from '@vscode/l10n';
import { pythonText } from '../syntax/python/python-text';
import type { Entry, Lock, MapNode, ScalarNode, SyntaxNode } from '../syntax/tree';
import { locked, made, sizeOf, withoutValue } from './nodes';
import { lockFor, unknown, type Outcome, type Unknown } from './outcome';
import { childAt, Children, pathOf, type Position } from './positions';

/** Levels of references and maps that are followed; Python's own stack ends about there. */
const MAX_DEPTH = 150;
/** Limit on nodes from references to whole maps and lists. */
const MAX_NODES = 20_000;
/** Limit on the length of a string with references. */
const MAX_LETTERS = 10_000;

/** `${model.rank}` from the top of the file, `${.rank}` from the map around, `${..rank}` from the next one. */
const REFERENCE = /\$\{[ \t]*(\.*)([^\\{}()[\]:. \t'"$]+(?:\.[^\\{}()[\]:. \t'"$]+)*)[ \t]*\}/g;

/**
 * A tree with each reference of OmegaConf (`${key}`) replaced by its value, as
 * `OmegaConf.to_container(…, resolve=True)` does (version 2.3). The value is locked, with the key at which it can be
 * changed. A mandatory `???`, resolvers (`${oc.env:X}`), references within references, and escapes
 * are `unresolved`. A loop is unresolved too, with the code `value-loop`.
 */
export function interpolated(root: MapNode): MapNode {
  if (!mentions(root)) return root;
  const { node } = new Resolver(root).whole();
  return node.kind === 'map' ? node : root;
}

function mentions(node: SyntaxNode): boolean {
  if (node.kind === 'map') return node.entries.some(({ value }) => mentions(value));
  if (node.kind === 'list') return node.items.some(mentions);
  return isExpression(node);
}

function isExpression({ value, unresolved }: ScalarNode): boolean {
  return unresolved === undefined && typeof value === 'string' && (value === '???' || value.includes('${'));
}

class Resolver {
  private readonly top: Position;
  /** The sources of what was followed, which tell `16.0` from `16`. */
  private readonly spelled = new Map<SyntaxNode, string>();
  private readonly children = new Children();
  private depth = 0;
  private brought = 0;

  constructor(root: MapNode) {
    this.top = { node: root, parent: null, step: '', children: new Map() };
  }

  whole(): { node: SyntaxNode } {
    const outcome = this.at(this.top);
    return 'node' in outcome ? outcome : { node: this.top.node };
  }

  /** The node at a position, with all its references resolved. */
  private at(position: Position): Outcome {
    if (position.result === 'open') return unknown(l10n.t`${pathOf(position)} refers to itself.`, 'value-loop');
    if (position.result) return position.result;
    if (this.depth >= MAX_DEPTH)
      return unknown(l10n.t('The value has more levels of references than LoRA Alpha follows.'));
    position.result = 'open';
    this.depth += 1;
    const result = this.fresh(position);
    this.depth -= 1;
    position.result = result;
    return result;
  }

  private fresh(position: Position): Outcome {
    const { node } = position;
    if (node.kind === 'scalar') return isExpression(node) ? this.expression(node, position) : { node };
    // A map keeps its known values if one of them is unknown.
    const inside = (child: SyntaxNode, step: string): SyntaxNode => {
      const outcome = this.at(childAt(position, child, step));
      return 'node' in outcome ? outcome.node : withoutValue(child, outcome.why);
    };
    if (node.kind === 'list') return { node: { ...node, items: node.items.map((item, i) => inside(item, String(i))) } };
    const last = new Map(node.entries.map((entry) => [entry.key, entry]));
    const entries = node.entries.map((entry): Entry => {
      // References mean the last of two equal keys; the first is ignored.
      return last.get(entry.key) === entry ? { ...entry, value: inside(entry.value, entry.key) } : entry;
    });
    return { node: { ...node, entries } };
  }

  private expression(node: ScalarNode, position: Position): Outcome {
    const source = String(node.value);
    if (source === '???') return unknown(l10n.t('The value has to be set when the run starts.'));
    const references = [...source.matchAll(REFERENCE)];
    const letters = source.replace(REFERENCE, '');
    if (letters.includes('${') || source.includes('\\'))
      return unknown(l10n.t('LoRA Alpha follows only references such as ${model.rank}.'));
    const paths = new Set<string>();
    const targets = references.map(([, dots = '', path = '']) =>
      this.target(dots.length, path.split('.'), position, paths),
    );
    const missing = targets.find((outcome): outcome is Unknown => 'why' in outcome);
    if (missing) return missing;
    const nodes = targets.flatMap((outcome) => ('node' in outcome ? [outcome.node] : []));
    const [only] = nodes;
    // A single reference keeps the type of its value; several, or other characters, make a string.
    const found = only && letters === '' && nodes.length === 1 ? { node: only } : this.joined(source, nodes);
    if ('why' in found) return found;
    const lock = lockFor(paths);
    if (found.node.kind !== 'scalar') return this.brings(found.node, lock);
    const { value, unresolved, lock: own } = found.node;
    if (unresolved !== undefined) return { node: { ...node, value: null, unresolved: source, lock: own ?? lock } };
    const known: ScalarNode = { ...node, value, lock };
    this.spelled.set(known, this.spelled.get(found.node) ?? found.node.raw);
    return { node: known };
  }

  private joined(source: string, nodes: readonly SyntaxNode[]): Outcome {
    const away = nodes.find((node) => node.kind !== 'scalar' || node.unresolved !== undefined);
    if (away?.kind === 'scalar')
      return away.lock
        ? { why: away.lock }
        : unknown(l10n.t`The value comes from ${away.unresolved ?? ''}, which is not in this file.`);
    if (away) return unknown(l10n.t('The string contains a map or a list.'));
    const texts = nodes.map((node) =>
      node.kind === 'scalar' ? pythonText(node.value, this.spelled.get(node) ?? node.raw) : '',
    );
    let at = 0;
    const text = source.replace(REFERENCE, () => texts[at++] ?? '');
    return text.length > MAX_LETTERS
      ? unknown(l10n.t('The value is longer than LoRA Alpha reads.'))
      : { node: made(text) };
  }

  /** The node at a path from the root or, with leading dots, from the reference. */
  private target(dots: number, steps: readonly string[], position: Position, paths: Set<string>): Outcome {
    const absent = unknown(l10n.t`This file has no ${steps.join('.')}. Change the value where that key is set.`);
    let from: Position | null = dots === 0 ? this.top : position;
    for (let i = 0; i < dots; i += 1) from = from?.parent ?? null;
    for (const step of steps) {
      if (from?.node.kind === 'scalar') {
        // The path continues through a reference to a map.
        const through = this.at(from);
        if (!('node' in through)) return through;
        from = { ...from, node: through.node, children: new Map() };
      }
      const child = from && this.children.of(from.node, step);
      if (!from || !child) return absent;
      from = childAt(from, child, step);
    }
    if (!from) return absent;
    paths.add(pathOf(from));
    return this.at(from);
  }

  /** A map or list from a reference: locked, and without room for new entries. */
  private brings(node: SyntaxNode, lock: Lock): Outcome {
    this.brought += sizeOf(node, MAX_NODES - this.brought);
    if (this.brought >= MAX_NODES) return unknown(l10n.t('The reference expands to more than LoRA Alpha reads.'));
    return { node: locked(node, lock) };
  }
}
