import * as l10n from '@vscode/l10n';
import { listed } from '../listed';
import type { Where } from '../lines';
import { argumentsOf, callBy, lastName, memberName, partName, placeId, type Expression } from './nodes';
import { callsOf, functionsCalled, givenTo, ownerOf } from './names';
import { ownParameters, scopeAt, type Outline, type Scope } from './outline';
import { calleeAround, unseenIn } from './unseen';

/** Beyond this number of uses a value counts as used in unknown places. */
const MOST_USES = 200;
/** The largest number of lines that a sentence names. */
const MOST_LINES = 5;

/** The places that use a variable's value; null if unknown. A place that only shows the value does not count. */
export function usesOfVariable(text: string, outline: Outline, name: string, scope: Scope): readonly number[] | null {
  return placesOf(text, outline, outline.variables.get(name) ?? [], (node) => {
    return ownerOf(outline, name, node.from) === scope;
  });
}

/**
 * The places that use an option: every use of a part with its name, and every use of the whole object. Null if unknown.
 * @param starts expressions whose value is the object
 */
export function usesOfPart(
  text: string,
  outline: Outline,
  part: string,
  starts: readonly Expression[],
): readonly number[] | null {
  const named = (outline.parts.get(part) ?? []).filter(
    (node) => node.name !== 'String' || calleeAround(text, node) !== 'add_argument',
  );
  return placesOf(text, outline, [...named, ...wholeUses(text, outline, part, starts)], () => true);
}

function placesOf(
  text: string,
  outline: Outline,
  nodes: readonly Expression[],
  counts: (node: Expression) => boolean,
): readonly number[] | null {
  if (unseenIn(text, outline).readsAny || nodes.length > MOST_USES) return null;
  const places = nodes.filter((node) => !outline.bound.has(placeId(node)) && !isShown(text, node) && counts(node));
  return places.map(({ from }) => from);
}

/** `line 3, line 4 and line 9`: the lines of all places but one; empty if there are none. */
export function linesBesides(places: readonly number[], place: number, where: Where): string {
  const others = places.filter((at) => at !== place).toSorted((a, b) => a - b);
  return listed([...new Set(others.map(where))], MOST_LINES, l10n.t('further places'));
}

/**
 * The places that use a whole object and may read every part of it: `json.dump(c, file)`, `getattr(args, name)`. The
 * object is followed to every variable with the name of one that may hold it, and into the functions of this text.
 */
function wholeUses(text: string, outline: Outline, part: string, starts: readonly Expression[]): Expression[] {
  const found: Expression[] = [];
  const seen = new Set<number>();
  const names = new Set<string>();
  const open = [...starts];
  const follow = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    open.push(...(outline.variables.get(name) ?? []));
    for (const scope of outline.scopes)
      if (scope.bindings.get(name)?.[0]?.kind === 'parameter') open.push(...givenTo(text, outline, scope, name));
  };
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(placeId(node))) continue;
    seen.add(placeId(node));
    if (node.name === 'VariableName') follow(text.slice(node.from, node.to));
    const onward = outline.bound.has(placeId(node)) ? [] : onwardFrom(text, outline, node, part);
    if (onward === null) found.push(node);
    else
      for (const to of onward)
        if (typeof to === 'string') follow(to);
        else open.push(to);
  }
  return found;
}

/** The variables and expressions that get an object next; null if code that gets it may read every part. */
function onwardFrom(text: string, outline: Outline, node: Expression, part: string): (string | Expression)[] | null {
  const { parent } = node;
  switch (parent?.name) {
    case 'MemberExpression':
      return node.from === parent.from && readsPart(text, parent) ? [] : null;
    case 'AssignStatement': {
      const targets = parent.getChildren('VariableName').filter(({ to }) => to <= node.from);
      return targets.length > 0 ? targets.map(({ from, to }) => text.slice(from, to)) : null;
    }
    case 'ReturnStatement':
      return parent.getChild(',') ? null : callsOf(outline, scopeAt(outline, node.from));
    case 'ParenthesizedExpression':
      return [parent];
    case 'ExpressionStatement':
      return [];
    case 'ArgList':
      return parent.parent ? passedTo(text, outline, node, parent.parent, part) : null;
    default:
      return null;
  }
}

/** Whether a member reads one named part: `args.lr`, `c["lr"]`, `c.get("lr")`. Other methods may read all. */
function readsPart(text: string, member: Expression): boolean {
  const name = partName(text, member);
  const call = callBy(member);
  if (!call) return name !== null && name !== '__dict__';
  return /^(?:get|pop)$/.test(name ?? '') && argumentsOf(text, call).positional[0]?.name === 'String';
}

/** The parameters that an argument of a call goes to, in the functions of this text. */
function passedTo(text: string, outline: Outline, node: Expression, call: Expression, part: string): string[] | null {
  const { positional, keywords } = argumentsOf(text, call);
  const callee = lastName(text, call.firstChild);
  const index = positional.findIndex(({ from }) => from === node.from);
  if (/^(?:get|has)attr$/.test(callee) && index === 0 && positional[1]?.name === 'String') return [];
  const keyword = keywords.find(({ value }) => value.from === node.from)?.name;
  // A library's trainer reads its own arguments, none of which belongs to LoRA.
  if (keyword === 'args' && /Trainer$/.test(callee) && /lora/i.test(part)) return [];
  const functions = functionsCalled(text, outline, call);
  const names = functions.map((scope) => keyword ?? ownParameters(scope)[index]?.name ?? '');
  return functions.length > 0 && names.every((name, i) => functions[i]?.bindings.has(name)) ? names : null;
}

/** Calls that show a value to people, and functions that convert it before it is shown. */
const SHOWS = /^(?:print|pprint|display|init_trackers)$/;
const LOGS = /^(?:debug|info|warning|warn|error|critical|log|print|write)$/;
const LOGGER = /(?:log|logger|logging|console|tqdm)$/i;
const SHAPES = /^(?:str|repr|round|format|float|int|dict|dumps|vars)$/;
const PASSES =
  /^(?:ArgList|ContinuedString|Format(?:Replacement|String)|(?:Array|Binary|Dictionary|Member|Parenthesized|Tuple)Expression)$/;
/** What people call a run, and where it puts its results. */
const NAMES = /(?:^|_)(?:name|dir|title|tags?|project|notes|group)$/i;

/** Whether a value is only taken to be read by people, or to name a run: `print(lr)`, `output_dir=f"out/{lr}"`. */
function isShown(text: string, node: Expression): boolean {
  let isText = false;
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    isText ||= parent.name === 'FormatString';
    const before = at.prevSibling?.name === 'AssignOp' ? at.prevSibling.prevSibling : null;
    if (isText && before && /^(?:ArgList|AssignStatement)$/.test(parent.name))
      return NAMES.test(memberName(text, before) ?? '');
    if (parent.name === 'CallExpression') {
      const callee = parent.firstChild;
      if (!callee || callee.from === at.from) return false;
      if (shows(text, callee)) return true;
      if (!SHAPES.test(lastName(text, callee))) return false;
    } else if (!PASSES.test(parent.name)) return false;
  }
  return false;
}

/** `print`, `logger.info`, `wandb.init`, `wandb.config.update` */
function shows(text: string, callee: Expression): boolean {
  const name = lastName(text, callee);
  const owner = callee.name === 'MemberExpression' ? lastName(text, callee.firstChild) : '';
  if (owner === 'wandb') return name === 'init' || name === 'log';
  return SHOWS.test(name) || (LOGGER.test(owner) && LOGS.test(name)) || (owner === 'config' && name === 'update');
}
