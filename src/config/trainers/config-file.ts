import { addNested } from '../syntax/command';
import { nodeAt, type MapNode, type ScalarNode } from '../syntax/tree';
import { key, writeKey, type Layout, type Trap } from './trainer';

/** The key under which the config file stands that a command names. */
const CONFIG = '$config';

/** Said of a command that names a config file. */
export const BESIDE_CONFIG: Trap = {
  code: 'config-file',
  severity: 'info',
  message:
    'This command reads a config file, and its flags override what stands there. What no flag says is in that file: weight decay, eps and clipping too, which have to move with another alpha.',
  applies: (root) => nodeAt(root, [CONFIG]) !== null,
  at: key(CONFIG),
  limits: 'approximate',
};

/**
 * A command that names a config file: what no flag says stands in that file, so no default may take its place.
 * @param file as the command names it
 */
export function besideConfig(root: MapNode, { fields }: Layout, file: string): MapNode {
  const at = root.entries[0]?.keyRange ?? root.range;
  const node: ScalarNode = {
    kind: 'scalar',
    range: at,
    inner: at,
    raw: '',
    value: null,
    quoted: false,
    lock: {
      code: 'config-file',
      message: `The command reads ${file}, and its flags override what stands there. Open that file to see the run, and change it there.`,
    },
    elsewhere: `in ${file}`,
  };
  const copy: MapNode = { ...root, entries: [...root.entries] };
  for (const source of Object.values(fields)) {
    const own = writeKey(source);
    if (!own || source.fixed || source.keys.some(({ path }) => nodeAt(root, path) !== null)) continue;
    addNested(copy, own.path, { key: '', keyRange: at, value: node, home: 'fixed' });
  }
  copy.entries.push({ key: CONFIG, keyRange: at, value: { ...node, value: file }, home: 'fixed' });
  return copy;
}
