import * as l10n from '@vscode/l10n';
import { forLast } from '../for-last';
import { argumentsOf, callBy, lastName, partName, placeId, type Expression } from './nodes';
import { scopeAt, testAround, type Outline } from './outline';
import type { Lock } from '../tree';

/** Methods of a dict that give no entry another value. */
const READING = /^(?:items|keys|values|get|copy|pop|setdefault)$/;
/** Parts that decide what the other parts of an object, or the defaults of a function, are. */
const INNER = ['__dict__', '__class__', '__defaults__', '__kwdefaults__'];
/** Modules whose parsers fill options from files and the environment too. */
const READS_FILES = /\b(?:configargparse|jsonargparse)\b/;

/** What a program may change without naming it. */
interface Unseen {
  /** Whether any variable may be set: `exec(…)`, `globals()["lr"] = 1`. */
  anyName: boolean;
  /** Whether any option may be set: `setattr(args, key, 1)`, `sys.argv += …`, a config that is read over the options. */
  anyOption: boolean;
  /** Whether code takes variables by names which are texts, or the defaults of all options: `parser._actions`. */
  readsAny: boolean;
}

/** Each name that is followed asks again. */
export const unseenIn = forLast(1, (text: string, outline: Outline): Unseen => {
  const { callsByName, parts, scopes } = outline;
  const plain = (name: string): Expression[] =>
    (callsByName.get(name) ?? []).filter(({ firstChild }) => firstChild?.name === 'VariableName');
  const named = (...names: string[]): Expression[] =>
    names.flatMap((name) => (parts.get(name) ?? []).filter((node) => node.name === 'MemberExpression'));
  const ofSys = (name: string): Expression[] =>
    named(name).filter(({ firstChild }) => firstChild && text.slice(firstChild.from, firstChild.to) === 'sys');
  const given = (call: Expression): Expression[] => argumentsOf(text, call).positional;
  const isItem = ({ parent }: Expression): boolean =>
    parent?.name === 'MemberExpression' && !parent.getChild('PropertyName');
  const isSet = (node: Expression): boolean => outline.bound.has(placeId(node));
  const isOnlyRead = (dict: Expression): boolean => isRead(text, outline, dict);

  const dicts = ['globals', 'locals'].flatMap(plain).concat(plain('vars').filter((call) => given(call).length === 0));
  const isInnerSet = named(...INNER).some(isSet);
  const anyName =
    isInnerSet ||
    // `exec(code, {…})` sets names in that dict only, not in the script.
    plain('exec').some((call) => given(call)[1]?.name !== 'DictionaryExpression') ||
    plain('eval').some((call) => text.slice(call.from, call.to).includes(':=')) ||
    dicts.some((call) => !isOnlyRead(call)) ||
    /^[ \t]*(?:import|from)[ \t]+__main__/m.test(text) ||
    // `sys.modules[__name__]` is this program.
    ofSys('modules').some((node) => isItem(node) || !isOnlyRead(node));

  const setters = ['setattr', 'delattr', '__setattr__'].flatMap((name) => callsByName.get(name) ?? []);
  const parsed = (node: Expression): boolean =>
    node.firstChild?.name === 'MemberExpression' && /^parse_/.test(lastName(text, node.firstChild));
  const anyOption =
    isInnerSet ||
    READS_FILES.test(text) ||
    setters.some((call) => given(call)[1]?.name !== 'String') ||
    ofSys('argv').some((node) => isSet(node) || !isOnlyRead(node)) ||
    [...plain('vars').filter((call) => given(call).length > 0), ...named('__dict__')].some((dict) => {
      const alias = dict.parent?.name === 'AssignStatement' ? dict.parent.firstChild : null;
      const uses = alias ? outline.variables.get(text.slice(alias.from, alias.to)) : undefined;
      return alias && alias.from !== dict.from
        ? uses?.some((use) => !isRead(text, outline, use, true))
        : !isOnlyRead(dict);
    }) ||
    // `flag = parser.add_argument("--lr"); flag.default = 1`
    named('default').some(isSet) ||
    // `args = parser.parse_args()`, and then `args = with_config(args, "run.yaml")`
    scopes.some(({ bindings }) =>
      [...bindings.values()].some((all) => {
        const values = all.flatMap(({ value }) => value ?? []);
        return values.some(parsed) && !values.every(parsed);
      }),
    );
  const readsAny = dicts.length > 0 || plain('exec').length > 0 || plain('eval').length > 0;
  return { anyName, anyOption, readsAny: readsAny || named('_actions', '_option_string_actions').length > 0 };
});

/**
 * Whether a dict of variables is only looked at: `vars(args).items()`, `globals()["lr"]`, `log(vars(args))`.
 * @param isAlias for a variable with the dict: what is set there by its name is a part that is set
 */
export function isRead(text: string, outline: Outline, dict: Expression, isAlias = false): boolean {
  const { parent } = dict;
  if (parent?.name !== 'MemberExpression') return isAlias || parent?.name !== 'AssignStatement';
  const isGone = parent.parent?.name === 'DeleteStatement';
  if (outline.bound.has(placeId(parent))) return isGone || (isAlias && partName(text, parent) !== null);
  return !callBy(parent) || READING.test(lastName(text, parent));
}

/** The lock of a dict's entry that the script sets again: `config["lr"] = 1`. */
export const SET_AGAIN: Lock = {
  code: 'reference',
  message: l10n.t('The script sets this key again, so its value is known only when the script runs.'),
};

/**
 * Whether a part of some object is set: `args.lr = 1`, `config["lr"] = 1`, `config.update(lr=1)`. What another test does
 * to its own objects does not count for an object that is made at an offset.
 */
export function isPartSet(text: string, outline: Outline, part: string, made?: number): boolean {
  const { parts, bound } = outline;
  const own = made === undefined ? null : testAround(scopeAt(outline, made));
  return (parts.get(part) ?? []).some((node) => {
    const other = own && testAround(scopeAt(outline, node.from));
    if (other && other !== own) return false;
    if (bound.has(placeId(node))) return !/^self\b/.test(text.slice(node.from, node.to));
    const callee = node.name === 'String' ? lastName(text, node.parent?.parent?.firstChild) : '';
    return /^(?:setattr|delattr|__setattr__)$/.test(callee);
  });
}
