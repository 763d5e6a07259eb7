import { memberName } from '../bindings';
import { lastName } from '../outline';
import type { Expression } from '../scope';

/** Calls that show a value to people. */
const SHOWS = new Set(['print', 'pprint', 'display', 'init_trackers']);
const LOGS = new Set(['debug', 'info', 'warning', 'warn', 'error', 'critical', 'log', 'print', 'write']);
const LOGGER = /(?:log|logger|logging|console|tqdm)$/i;
/** Functions that convert a value before it is shown. */
const SHAPES = new Set(['str', 'repr', 'round', 'format', 'float', 'int', 'dict', 'dumps', 'vars']);
const PASSES = new Set([
  ...['ArgList', 'ArrayExpression', 'BinaryExpression', 'ContinuedString', 'DictionaryExpression', 'FormatReplacement'],
  ...['FormatString', 'MemberExpression', 'ParenthesizedExpression', 'TupleExpression'],
]);
/** What people call a run, and where it puts its results. */
const NAMES = /(?:^|_)(?:name|dir|title|tags?|project|notes|group)$/i;

/** Whether a value is only taken to be read by people, or to name a run: `print(lr)`, `output_dir=f"out/{lr}"`. */
export function isShown(text: string, node: Expression): boolean {
  let isText = false;
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    isText ||= parent.name === 'FormatString';
    const before = at.prevSibling?.name === 'AssignOp' ? at.prevSibling.prevSibling : null;
    if (isText && before && (parent.name === 'ArgList' || parent.name === 'AssignStatement')) {
      return NAMES.test(memberName(text, before) ?? '');
    }
    if (parent.name === 'CallExpression') {
      const callee = parent.firstChild;
      if (!callee || callee.from === at.from) return false;
      if (shows(text, callee)) return true;
      if (!SHAPES.has(lastName(text, callee))) return false;
    } else if (!PASSES.has(parent.name)) return false;
  }
  return false;
}

/** `print`, `logger.info`, `wandb.init`, `wandb.config.update` */
function shows(text: string, callee: Expression): boolean {
  const name = lastName(text, callee);
  const owner = callee.name === 'MemberExpression' ? lastName(text, callee.firstChild) : '';
  if (owner === 'wandb') return name === 'init' || name === 'log';
  return SHOWS.has(name) || (LOGGER.test(owner) && LOGS.has(name)) || (owner === 'config' && name === 'update');
}
