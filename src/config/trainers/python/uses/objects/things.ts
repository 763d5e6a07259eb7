import { partName } from '../../../../syntax/python/bindings';
import type { Expression } from '../../../../syntax/python/scope';
import { CHANGED_ENTRIES, CONVERTS, ITEMS, kindByName, NO_MODULE, PASSING, type Kind, type Thing } from './kinds';

export const NONE: readonly Thing[] = [];

/** What a dict or a list holds that is made of these: parameters make a container of parameters. */
export function contents(things: readonly Thing[]): readonly Thing[] {
  return mapped(things, ({ kind }) => {
    if (kind === 'number') return undefined;
    return kind === 'parameter' ? 'parameters' : kind;
  });
}

/** What stands in an object behind an index or a key; undefined where nothing is known of it. */
export function itemOf({ kind, made }: Thing, part: string | null): Kind | undefined {
  if (kind === 'group' && part !== 'params') return CHANGED_ENTRIES.has(part ?? '') ? 'number' : undefined;
  return ITEMS[kind] ?? (made < 0 ? undefined : kind);
}

/** What a function of this name gives back of what it is given. */
export function passedBy(name: string, given: readonly Thing[]): readonly Thing[] {
  if (PASSING.has(name)) return given;
  return CONVERTS.has(name) ? given.filter(({ kind }) => kind === 'number') : NONE;
}

export function mapped(things: readonly Thing[], kindOf: (thing: Thing) => Kind | undefined): readonly Thing[] {
  const found: Thing[] = [];
  for (const thing of things) {
    const kind = kindOf(thing);
    if (kind) addTo(found, { ...thing, kind });
  }
  return found.length === 0 ? NONE : found;
}

/** All things of some lists, each once. */
export function united(lists: readonly (readonly Thing[])[]): readonly Thing[] {
  const found: Thing[] = [];
  for (const list of lists) for (const thing of list) addTo(found, thing);
  return found.length === 0 ? NONE : found;
}

function addTo(found: Thing[], thing: Thing): void {
  if (!found.some(({ kind, made }) => kind === thing.kind && made === thing.made)) found.push(thing);
}

/** An object of which the text does not show where it is made. */
export const unknownOf = (kind: Kind): Thing => ({ kind, made: -1 });

/** `kwargs["optimizer"]`: an object by the word for it. */
export function ofWord(word: string | null): readonly Thing[] {
  const kind = word === null ? undefined : kindByName(word);
  return kind ? [unknownOf(kind === 'base' ? 'model' : kind)] : NONE;
}

/** Whether no table says what a part of a model is: `model.classifier.parameters()`, `head = model.lm_head`. */
export function isOtherPart(text: string, member: Expression): boolean {
  let whole = member;
  for (let i = 0; i < MOST_PARTS; i += 1)
    if (whole.parent?.name === 'MemberExpression' && whole.parent.firstChild?.from === member.from)
      whole = whole.parent;
  const isRead = whole !== member && WITHIN.test(partName(text, whole) ?? '');
  return isRead || (whole === member && !NO_MODULE.test(partName(text, member) ?? ''));
}

const MOST_PARTS = 16;

/** Parts that only modules and parameters have. */
const WITHIN = /^(?:(?:named_)?(?:parameters|modules|children)|weight|bias)$/;
