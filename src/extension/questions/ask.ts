import { NoAnswer, type ConfigReader, type Text } from '../../worker/config-reader';
import { MOST_HERE } from '../bounds';
import { type Answer, type Asked, type QuestionId, answer } from './questions';
import { createReadings, isSameText } from './read-text';

const readHere = createReadings(16);

let thread: ConfigReader['ask'] = null;

/** Lets this reader answer questions about long texts; null: all is read here, within the bounds of all texts. */
export function answerIn(reader: ConfigReader['ask']): void {
  thread = reader;
  answers = [];
  late = [];
}

/** What was asked of the thread last, since lenses, problems and each cell of a notebook ask the same. */
let answers: { key: string; texts: readonly Text[]; answer: Promise<unknown> }[] = [];

/** Texts that took too long to read: each asker would wait as long again, and keep the thread from reading others. */
let late: { texts: readonly Text[]; error: NoAnswer }[] = [];

/**
 * Asks about a text, or about that text beside another. What a short text says is known without a turn of the event loop.
 * @throws Error where reading took too long, or the thread that reads died
 */
export async function ask<Id extends QuestionId>(
  id: Id,
  text: Text,
  asked: Asked<Id>,
  beside?: Text,
): Promise<Answer<Id>> {
  if (!thread || text.text.length + (beside?.text.length ?? 0) <= MOST_HERE) {
    return answer(id, readHere(text), asked, beside && readHere(beside));
  }
  const only = ({ reading: _, ...own }: Text & { reading?: unknown }): Text => own;
  const texts = [text, ...(beside ? [beside] : [])].map(only);
  const isAbout = (other: { texts: readonly Text[] }): boolean =>
    texts.length === other.texts.length && texts.every((one, i) => isSameText(one, other.texts[i]));
  const refused = late.find(isAbout);
  if (refused) throw refused.error;
  const key = JSON.stringify([id, asked]);
  const known = answers.find((each) => each.key === key && isAbout(each));
  const promise = known?.answer ?? thread({ id, asked, text: only(text), beside: texts[1] ?? null });
  // Nobody asks about what a text said before it changed.
  const isOld = ({ texts: [other] }: (typeof answers)[number]): boolean =>
    other?.path === text.path && !isSameText(other, text);
  const others = answers.filter((each) => each !== known && !isOld(each));
  answers = [{ key, texts, answer: promise }, ...others].slice(0, 16);
  promise.catch((error: unknown) => {
    // A failure is not kept as an answer: the next question tries again, unless reading took too long.
    answers = answers.filter((each) => each.answer !== promise);
    if (!known && error instanceof NoAnswer) late = [{ texts, error }, ...late].slice(0, 4);
  });
  // The thread runs our own program, with the same table of questions.
  return (await promise) as Answer<Id>;
}
