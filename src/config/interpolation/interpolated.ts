import { piecesOf, primitiveOf, type Argument, type Call, type Piece, type Reference } from './grammar';
import { pythonText } from '../syntax/python-text';
import type { Entry, Lock, MapNode, ScalarNode, SyntaxNode } from '../syntax/tree';
import { locked, made, sizeOf, withoutValue } from './nodes';
import { absent, byCode, lockFor, notHere, unknown, type Origins, type Outcome, type Unknown } from './outcome';
import { childAt, Children, pathOf, type Position } from './positions';

/** Levels of references and maps that are followed; Python's own stack ends about there. */
const MAX_DEPTH = 150;
/** Nodes that references to whole maps and lists may bring in. */
const MAX_NODES = 20_000;
/** Letters that a text of references may grow to. */
const MAX_LETTERS = 10_000;

/**
 * A tree with every `${…}` replaced by what OmegaConf makes of it (`OmegaConf.to_container(…, resolve=True)`, version
 * 2.3). What comes from elsewhere in the file is locked, with the key at which it can be changed; what is not in the
 * file, and a mandatory `???`, has no value but the expression (`elsewhere`). A loop is one too, with the code
 * `value-loop`.
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

function isExpression({ value, elsewhere }: ScalarNode): boolean {
  return elsewhere === undefined && typeof value === 'string' && (value === '???' || value.includes('${'));
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

  /** What stands at a position, with all references in it resolved. */
  private at(position: Position): Outcome {
    if (position.result === 'open') return unknown('value-loop', `${pathOf(position)} refers to itself in the end.`);
    if (position.result) return position.result;
    if (this.depth >= MAX_DEPTH)
      return unknown('value-elsewhere', `It leads through more references than are followed.`);
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
    // A map keeps what it knows where one of its values cannot be known.
    const inside = (child: SyntaxNode, step: string): SyntaxNode => {
      const outcome = this.at(childAt(position, child, step));
      return 'node' in outcome ? outcome.node : withoutValue(child, outcome.why);
    };
    if (node.kind === 'list') return { node: { ...node, items: node.items.map((item, i) => inside(item, String(i))) } };
    const last = new Map(node.entries.map((entry) => [entry.key, entry]));
    const entries = node.entries.map((entry): Entry => {
      // Only the last of two equal keys can be referred to; the first counts for nothing.
      return last.get(entry.key) === entry ? { ...entry, value: inside(entry.value, entry.key) } : entry;
    });
    return { node: { ...node, entries } };
  }

  private expression(node: ScalarNode, position: Position): Outcome {
    const source = String(node.value);
    if (source === '???') return unknown('value-elsewhere', 'It has to be given when the run is started.');
    const pieces = piecesOf(source);
    if (!pieces) return unknown('value-invalid', 'This is no expression that OmegaConf can read, so the run stops.');
    const came: Origins = { paths: new Set(), unless: new Set() };
    const outcome = this.joined(pieces, position, came);
    if (!('node' in outcome)) return outcome;
    const lock = lockFor(came);
    if (outcome.node.kind !== 'scalar') return this.brings(outcome.node, lock);
    const { value, elsewhere, lock: own } = outcome.node;
    if (elsewhere !== undefined) return { node: { ...node, value: null, elsewhere: source, lock: own ?? lock } };
    const known: ScalarNode = { ...node, value, lock: lock ?? node.lock };
    this.spelled.set(known, this.spelled.get(outcome.node) ?? outcome.node.raw);
    return { node: known };
  }

  /** One interpolation keeps the type of what it comes to; several, or letters besides, make a text. */
  private joined(pieces: readonly Piece[], position: Position, came: Origins): Outcome {
    const [first] = pieces;
    if (pieces.length === 1 && first !== undefined && typeof first !== 'string')
      return this.piece(first, position, came);
    return this.text(pieces, position, came);
  }

  private text(pieces: readonly Piece[], position: Position, came: Origins): Outcome {
    let text = '';
    for (const piece of pieces) {
      const part = typeof piece === 'string' ? { text: piece } : this.asText(piece, position, came);
      if ('why' in part) return part;
      text += part.text;
      if (text.length > MAX_LETTERS) return unknown('value-elsewhere', 'It is longer than what is read.');
    }
    return { node: made(text) };
  }

  private asText(piece: Reference | Call, position: Position, came: Origins): { text: string } | Unknown {
    const outcome = this.piece(piece, position, came);
    if (!('node' in outcome)) return outcome;
    const { node } = outcome;
    if (node.kind !== 'scalar') return unknown('value-elsewhere', 'A map or a list stands within the text.');
    if (node.elsewhere !== undefined) return { why: node.lock ?? notHere(node.elsewhere) };
    return { text: pythonText(node.value, this.spelled.get(node) ?? node.raw) };
  }

  private piece(piece: Reference | Call, position: Position, came: Origins): Outcome {
    if (piece.kind === 'call') return this.call(piece, position, came);
    const steps = this.stepsOf(piece, position, came);
    if ('why' in steps) return steps;
    return this.target(piece.dots, steps.steps, position, came) ?? absent(steps.steps);
  }

  private stepsOf(piece: Reference, position: Position, came: Origins): { steps: string[] } | Unknown {
    const steps: string[] = [];
    for (const { name, isBracketed } of piece.steps) {
      const part = typeof name === 'string' ? { text: name } : this.asText(name, position, came);
      if ('why' in part) return part;
      steps.push(...(typeof name === 'string' || isBracketed ? [part.text] : part.text.split('.')));
    }
    return { steps };
  }

  /** What stands at a path, counted from the root or, with dots, from where the reference stands; null where nothing. */
  private target(dots: number, steps: readonly string[], position: Position, came: Origins): Outcome | null {
    let from: Position | null = dots === 0 ? this.top : position;
    for (let i = 0; i < dots; i += 1) from = from?.parent ?? null;
    for (const step of steps) {
      if (from?.node.kind === 'scalar') {
        // A reference to a map is gone through.
        const through = this.at(from);
        if (!('node' in through)) return through;
        from = { ...from, node: through.node, children: new Map() };
      }
      const child = from && this.children.of(from.node, step);
      if (!from || !child) return null;
      from = childAt(from, child, step);
    }
    if (!from) return null;
    came.paths.add(pathOf(from));
    return this.at(from);
  }

  private call({ resolver, args }: Call, position: Position, came: Origins): Outcome {
    const [first, second] = args;
    if (!first) return unknown('value-elsewhere', byCode(resolver));
    if (resolver === 'oc.env') return this.environment(first, second, position, came);
    if (resolver === 'oc.select') return this.select(first, second, position, came);
    if (resolver === 'oc.decode') return this.decode(first, position, came);
    return unknown('value-elsewhere', byCode(resolver));
  }

  /** Without the variable its default counts, as a text. What the variable holds is not known here. */
  private environment(first: Argument, second: Argument | undefined, position: Position, came: Origins): Outcome {
    const name = this.argument(first, position, came);
    if (!('node' in name)) return name;
    const variable = name.node.kind === 'scalar' ? String(name.node.value) : first.source;
    if (!second) return unknown('value-elsewhere', `It comes from the environment variable ${variable}.`);
    const value = this.argument(second, position, came);
    if (!('node' in value) || value.node.kind !== 'scalar') return value;
    came.unless.add(variable);
    const { node } = value;
    return { node: made(node.value === null ? null : pythonText(node.value, this.spelled.get(node) ?? node.raw)) };
  }

  private select(first: Argument, second: Argument | undefined, position: Position, came: Origins): Outcome {
    const name = this.argument(first, position, came);
    if (!('node' in name)) return name;
    const pieces = name.node.kind === 'scalar' ? piecesOf(`\${${String(name.node.value)}}`) : null;
    const [piece] = pieces ?? [];
    if (piece === undefined || typeof piece === 'string' || piece.kind === 'call') {
      return unknown('value-elsewhere', `${first.source} is no path of a key.`);
    }
    const steps = this.stepsOf(piece, position, came);
    if ('why' in steps) return steps;
    const target = this.target(piece.dots, steps.steps, position, came);
    const isMissing = target && 'node' in target ? false : !target || target.why.code !== 'value-loop';
    if (target && !isMissing) return target;
    return second ? this.argument(second, position, came) : { node: made(null) };
  }

  private decode(first: Argument, position: Position, came: Origins): Outcome {
    const text = this.argument(first, position, came);
    if (!('node' in text) || text.node.kind !== 'scalar' || text.node.value === null) return text;
    const { value } = text.node;
    if (typeof value !== 'string') return unknown('value-invalid', 'oc.decode takes texts only, so the run stops.');
    const pieces = value.includes('${') ? piecesOf(value) : [value];
    if (!pieces) return unknown('value-invalid', `${value} is no expression that OmegaConf can read.`);
    if (/^\s*[[{]/.test(value)) return unknown('value-elsewhere', 'A list or a map comes out of a text.');
    const quoted = /^(['"])(.*)\1$/s.exec(value)?.[2];
    return quoted === undefined ? this.primitive(pieces, value, position, came) : { node: made(quoted) };
  }

  private argument({ pieces, isQuoted, source }: Argument, position: Position, came: Origins): Outcome {
    if (!pieces) return unknown('value-elsewhere', `${source} is a list or a map within an expression.`);
    return isQuoted ? this.text(pieces, position, came) : this.primitive(pieces, source, position, came);
  }

  private primitive(pieces: readonly Piece[], source: string, position: Position, came: Origins): Outcome {
    const [only, more] = pieces;
    if (only === undefined) return { node: made('') };
    return typeof only === 'string' && more === undefined
      ? { node: made(primitiveOf(only), source) }
      : this.joined(pieces, position, came);
  }

  /** A map or a list that a reference brings in: not to be written to, nor grown, here. */
  private brings(node: SyntaxNode, lock: Lock | null): Outcome {
    this.brought += sizeOf(node, MAX_NODES - this.brought);
    if (this.brought >= MAX_NODES) return unknown('value-elsewhere', 'It brings in more than is read.');
    return { node: locked(node, lock) };
  }
}
