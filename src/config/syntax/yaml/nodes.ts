import type { ScalarStyle } from './scan-scalar';

export const DEFAULT_TAG = 'tag:yaml.org,2002:';

/** What all nodes have. */
export interface Common {
  /** Offsets, without tag and anchor. */
  start: number;
  end: number;
  /** The full tag: `tag:yaml.org,2002:int`. `!` for the tag without a name; null without a tag. */
  tag: string | null;
  anchor: string | null;
}

export interface YamlScalar extends Common {
  kind: 'scalar';
  value: string;
  style: ScalarStyle;
}

export interface YamlSequence extends Common {
  kind: 'sequence';
  items: YamlNode[];
}

export interface YamlMapping extends Common {
  kind: 'mapping';
  pairs: YamlPair[];
  isFlow: boolean;
}

/** A place that takes the node of an anchor. */
export interface YamlAlias {
  kind: 'alias';
  target: Anchored;
  start: number;
  end: number;
}

export type Anchored = YamlScalar | YamlSequence | YamlMapping;
export type YamlNode = Anchored | YamlAlias;

export interface YamlPair {
  key: YamlNode;
  value: YamlNode;
}

export interface YamlDocument {
  /** Where it begins: at its `---`, or at its first word. */
  start: number;
  root: YamlNode;
  /** In their order. */
  aliases: readonly YamlAlias[];
}
