import { partName } from '../../../syntax/python/bindings';
import type { Expression } from '../../../syntax/python/scope';
import { kindByName, NO_MODULE, type Kind, type Thing } from './kinds';

export const NONE: readonly Thing[] = [];

/** In a dict or a list that is made of them, parameters are a container of parameters. */
export function contents(things: readonly Thing[]): readonly Thing[] {
  return mapped(things, ({ kind }) => (kind === 'parameter' ? 'parameters' : kind));
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

/** A part of a model of which no table says what it is: `model.classifier.parameters()`, `head = model.lm_head`. */
export function kindOfPart(text: string, member: Expression): Kind | undefined {
  const { parent } = member;
  const isOwner = parent?.name === 'MemberExpression' && parent.firstChild?.from === member.from;
  const isRead = isOwner && /^(?:named_)?(?:parameters|modules|children)$/.test(partName(text, parent) ?? '');
  return isRead || (!isOwner && !NO_MODULE.test(partName(text, member) ?? '')) ? 'model' : undefined;
}
