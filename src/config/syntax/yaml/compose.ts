import { forLast } from '../for-last';
import { Stop } from '../stop';
import {
  DEFAULT_TAG,
  type Anchored,
  type Common,
  type YamlAlias,
  type YamlDocument,
  type YamlMapping,
  type YamlNode,
  type YamlScalar,
  type YamlSequence,
} from './nodes';
import { YamlScanner } from './scanner';
import type { YamlToken, TokenId } from './tokens';
import type { WrittenTag } from './scan-marks';

/** More levels in each other than anything reads. */
const MAX_DEPTH = 1000;

/** What ends the entries of a block that has none in that place. */
const NO_ITEM: readonly TokenId[] = ['-', '<block end>'];
const NO_INDENTLESS_ITEM: readonly TokenId[] = ['-', '?', ':', '<block end>'];
const NO_BLOCK_PART: readonly TokenId[] = ['?', ':', '<block end>'];
const NO_DOCUMENT: readonly TokenId[] = ['<directive>', '<document start>', '<document end>', '<stream end>'];

/**
 * The documents of a YAML text, as PyYAML composes them.
 * @throws Stop where PyYAML stops
 * @see https://github.com/yaml/pyyaml/blob/6.0.3/lib/yaml/parser.py, composer.py (MIT licence: scripts/notices.mjs)
 */
export const composeAll = forLast(1, (text: string): readonly YamlDocument[] => new Composer(text).documents());

class Composer {
  private readonly tokens: YamlScanner;
  private handles = new Map<string, string>();
  private readonly anchors = new Map<string, Anchored>();
  private aliases: YamlAlias[] = [];
  private depth = 0;

  constructor(text: string) {
    this.tokens = new YamlScanner(text);
  }

  documents(): YamlDocument[] {
    const documents: YamlDocument[] = [];
    this.setHandles(new Map());
    if (!this.tokens.isNext('<directive>', '<document start>', '<stream end>')) {
      documents.push(this.document(this.tokens.peek().start));
    }
    for (;;) {
      while (this.tokens.isNext('<document end>')) this.tokens.take();
      if (this.tokens.isNext('<stream end>')) return documents;
      this.directives();
      if (!this.tokens.isNext('<document start>')) this.unexpected("expected '<document start>', but found");
      const { start, end } = this.tokens.take();
      documents.push(this.document(start, this.tokens.isNext(...NO_DOCUMENT) ? empty(end) : null));
    }
  }

  private document(start: number, none: YamlNode | null = null): YamlDocument {
    this.aliases = [];
    this.anchors.clear();
    const document = { start, root: none ?? this.node('block'), aliases: this.aliases };
    if (this.tokens.isNext('<document end>')) this.tokens.take();
    return document;
  }

  private directives(): void {
    const handles = new Map<string, string>();
    let hasVersion = false;
    while (this.tokens.isNext('<directive>')) {
      const token = this.tokens.take();
      if (token.id !== '<directive>') continue;
      const { directive, start } = token;
      if (directive.name === 'YAML') {
        if (hasVersion) throw new Stop('found duplicate YAML directive', start);
        if (directive.major !== 1) {
          throw new Stop('found incompatible YAML document (version 1.* is required)', start);
        }
        hasVersion = true;
      } else if (directive.name === 'TAG') {
        if (handles.has(directive.handle)) throw new Stop(`duplicate tag handle '${directive.handle}'`, start);
        handles.set(directive.handle, directive.prefix);
      }
    }
    this.setHandles(handles);
  }

  private setHandles(own: ReadonlyMap<string, string>): void {
    this.handles = new Map([['!', '!'], ['!!', DEFAULT_TAG], ...own]);
  }

  private unexpected(message: string, token: YamlToken = this.tokens.peek()): never {
    throw new Stop(`${message} '${token.id}'`, token.start);
  }

  /** @param place `value` is a place in a block where a list needs no further indentation */
  private node(place: 'block' | 'value' | 'flow'): YamlNode {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new RangeError('maximum recursion depth exceeded');
    const node = this.shallow(place);
    this.depth -= 1;
    return node;
  }

  private shallow(place: 'block' | 'value' | 'flow'): YamlNode {
    const alias = this.tokens.peek();
    if (alias.id === '<alias>') {
      this.tokens.take();
      const target = this.anchors.get(alias.name);
      if (!target) throw new Stop(`found undefined alias '${alias.name}'`, alias.start);
      const node: YamlAlias = { kind: 'alias', target, start: alias.start, end: alias.end };
      this.aliases.push(node);
      return node;
    }
    const { anchor, tag, start, end } = this.properties();
    if (anchor !== null && this.anchors.has(anchor)) {
      throw new Stop(`found duplicate anchor '${anchor}'; a document may give a name once`, start);
    }
    const next = this.tokens.peek();
    if (next.id === '<scalar>') {
      this.tokens.take();
      const { value, style } = next.scalar;
      return this.anchored({ kind: 'scalar', start: next.start, end: next.end, tag, anchor, value, style });
    }
    const common = { start: next.start, end: next.end, tag, anchor };
    if (place === 'value' && next.id === '-') return this.sequence(common, (own) => this.indentlessItems(own));
    if (next.id === '[') return this.sequence(common, (own) => this.flowItems(own));
    if (next.id === '{') return this.mapping(common, true, (own) => this.flowPairs(own));
    if (place !== 'flow' && next.id === '<block sequence start>') {
      return this.sequence(common, (own) => this.blockItems(own));
    }
    if (place !== 'flow' && next.id === '<block mapping start>') {
      return this.mapping(common, false, (own) => this.blockPairs(own));
    }
    if (anchor === null && tag === null) {
      const kind = place === 'flow' ? 'flow' : 'block';
      this.unexpected(`while parsing a ${kind} node: expected the node content, but found`, next);
    }
    return this.anchored({ ...empty(end), tag, anchor });
  }

  private properties(): { anchor: string | null; tag: string | null; start: number; end: number } {
    let anchor: string | null = null;
    let written: { tag: WrittenTag; start: number } | null = null;
    const { start } = this.tokens.peek();
    let end = start;
    for (let next = this.tokens.peek(); ; next = this.tokens.peek()) {
      if (next.id === '<anchor>' && anchor === null) anchor = next.name;
      else if (next.id === '<tag>' && written === null) written = { tag: next.tag, start: next.start };
      else break;
      ({ end } = this.tokens.take());
    }
    return { anchor, tag: written && this.fullTag(written.tag, written.start), start, end };
  }

  private fullTag([handle, suffix]: WrittenTag, start: number): string {
    if (handle === null) return suffix;
    const prefix = this.handles.get(handle);
    if (prefix === undefined) throw new Stop(`while parsing a node: found undefined tag handle '${handle}'`, start);
    return prefix + suffix;
  }

  private anchored<T extends Anchored>(node: T): T {
    if (node.anchor !== null) this.anchors.set(node.anchor, node);
    return node;
  }

  /** The anchor is given before the items, which may take it. */
  private sequence(common: Common, fill: (node: YamlSequence) => void): YamlSequence {
    const node = this.anchored<YamlSequence>({ ...common, kind: 'sequence', items: [] });
    fill(node);
    return node;
  }

  private mapping(common: Common, isFlow: boolean, fill: (node: YamlMapping) => void): YamlMapping {
    const node = this.anchored<YamlMapping>({ ...common, kind: 'mapping', pairs: [], isFlow });
    fill(node);
    return node;
  }

  private blockItems(node: YamlSequence): void {
    this.tokens.take();
    this.items(node, NO_ITEM);
    this.endBlock('while parsing a block collection');
  }

  private indentlessItems(node: YamlSequence): void {
    this.items(node, NO_INDENTLESS_ITEM);
  }

  private items(node: YamlSequence, none: readonly TokenId[]): void {
    while (this.tokens.isNext('-')) {
      const item = this.part('block', none);
      node.items.push(item);
      node.end = item.end;
    }
  }

  private blockPairs(node: YamlMapping): void {
    this.tokens.take();
    while (this.tokens.isNext('?')) {
      const key = this.part('value', NO_BLOCK_PART);
      const value = this.valueOf('value', NO_BLOCK_PART);
      node.pairs.push({ key, value });
      node.end = Math.max(key.end, value.end);
    }
    this.endBlock('while parsing a block mapping');
  }

  private endBlock(what: string): void {
    if (!this.tokens.isNext('<block end>')) this.unexpected(`${what}: expected <block end>, but found`);
    this.tokens.take();
  }

  private flowItems(node: YamlSequence): void {
    this.inBrackets(node, ']', 'while parsing a flow sequence', () => {
      if (!this.tokens.isNext('?')) return void node.items.push(this.node('flow'));
      // `[a: 1]` is a list of a map.
      const { start } = this.tokens.peek();
      const key = this.part('flow', [':', ',', ']']);
      const value = this.valueOf('flow', [',', ']']);
      const end = Math.max(key.end, value.end);
      node.items.push({ kind: 'mapping', pairs: [{ key, value }], isFlow: true, start, end, tag: null, anchor: null });
    });
  }

  private flowPairs(node: YamlMapping): void {
    this.inBrackets(node, '}', 'while parsing a flow mapping', () => {
      if (this.tokens.isNext('?')) {
        const key = this.part('flow', [':', ',', '}']);
        node.pairs.push({ key, value: this.valueOf('flow', [',', '}']) });
      } else {
        const key = this.node('flow');
        node.pairs.push({ key, value: empty(this.tokens.peek().start) });
      }
    });
  }

  private inBrackets(node: Anchored, close: ']' | '}', what: string, entry: () => void): void {
    this.tokens.take();
    for (let isFirst = true; !this.tokens.isNext(close); isFirst = false) {
      if (!isFirst) {
        if (!this.tokens.isNext(',')) this.unexpected(`${what}: expected ',' or '${close}', but got`);
        this.tokens.take();
        if (this.tokens.isNext(close)) break;
      }
      entry();
    }
    ({ end: node.end } = this.tokens.take());
  }

  /** What stands behind the `-`, `?` or `:` that is next; nothing before one of the tokens `none`. */
  private part(place: 'block' | 'value' | 'flow', none: readonly TokenId[]): YamlNode {
    const { end } = this.tokens.take();
    return this.tokens.isNext(...none) ? empty(end) : this.node(place);
  }

  private valueOf(place: 'value' | 'flow', none: readonly TokenId[]): YamlNode {
    return this.tokens.isNext(':') ? this.part(place, none) : empty(this.tokens.peek().start);
  }
}

function empty(at: number): YamlScalar {
  return { kind: 'scalar', value: '', style: 'plain', start: at, end: at, tag: null, anchor: null };
}
