import * as l10n from '@vscode/l10n';
import { argumentNode, argumentValue, tupleNode } from './arguments';
import { nodeToWrite, type Entry, type Lock, type MapNode, type ScalarNode } from '../tree';

/** An escape other than that of a quote, which makes offsets in the string uncertain. */
const ESCAPE = /\\(?!["'])/;

const ESCAPED: Lock = {
  code: 'escaped-text',
  message: l10n.t(
    'This string contains escape sequences, so the position of its value is uncertain. Write the string without them.',
  ),
};

/**
 * One string of words `weight_decay=0.1 betas=0.9,0.99`, some in quotes, as a map (kohya_ss: optimizer_args).
 * The quotes may be escaped, as in JSON.
 */
export function argumentWords(given: ScalarNode): MapNode {
  const node = nodeToWrite(given);
  const lock = lockOf(node);
  const home = lock ? undefined : 'argument-words';
  const words = node.raw.matchAll(
    /(?<=^|\s)(?<quote>\\?["'])?(?<key>[^\s=\\"']+)=(?<value>[^\s=\\"']*)\k<quote>(?=\s|$)/g,
  );
  const entries = [...words].map((match): Entry => {
    const { quote = '', key = '', value = '' } = match.groups ?? {};
    const start = node.inner.start + match.index + quote.length;
    return {
      key,
      keyRange: { start, end: start + key.length },
      value: valueNode(value, start + key.length + 1, lock),
      home,
    };
  });
  return { kind: 'map', range: node.range, entries };
}

/**
 * The command-line flags in a string, `--max_grad_norm=0 --network_train_unet_only`, as a map: dashes in a name
 * become underscores, a flag without a value is true, and the first of several values counts.
 */
export function flagWords(given: ScalarNode): MapNode {
  const node = nodeToWrite(given);
  const lock = lockOf(node);
  const flags = node.raw.matchAll(
    /(?<=^|[\s"'])--(?<name>[A-Za-z][\w-]*)(?:(?<gap>=|\s+)(?!--)(?:(?<quote>\\?["'])(?<quoted>[^"'\\]*)\k<quote>|(?<bare>[^\s"'\\]+)))?/g,
  );
  const entries = [...flags].map((match): Entry => {
    const { name = '', gap = '', quote = '', quoted, bare } = match.groups ?? {};
    const start = node.inner.start + match.index + 2;
    const value = quoted ?? bare;
    const at = start + name.length + gap.length + quote.length;
    return {
      key: name.replaceAll('-', '_'),
      keyRange: { start, end: start + name.length },
      value: value === undefined ? argumentNode('', at, true, lock) : valueNode(value, at, lock),
      home: lock || quote !== '' ? undefined : 'flag-words',
    };
  });
  return { kind: 'map', range: node.range, entries };
}

function lockOf({ raw, value, lock }: ScalarNode): Lock | null {
  return raw !== value && ESCAPE.test(raw) ? ESCAPED : lock;
}

function valueNode(raw: string, start: number, lock: Lock | null): Entry['value'] {
  return tupleNode(raw, start, lock) ?? argumentNode(raw, start, argumentValue(raw), lock);
}
