import { NoAnswer, type ConfigReader } from '../../worker/config-reader';
import { MOST_HERE } from '../bounds';
import { type Text, createReadings } from './read-text';
import { type Answer, type Asked, type QuestionId, answer } from './questions';

const readHere = createReadings(16);

let thread: ConfigReader['ask'] = null;

/** Lets this reader answer what is asked about long texts; null: everything is read here, within the bounds of all texts. */
export function answerIn(reader: ConfigReader['ask']): void {
  thread = reader;
  answers = [];
  late = [];
}

/** What was asked of the thread last, since lenses, problems and each cell of a notebook ask the same. */
let answers: { key: string; text: Text; beside: Text | undefined; answer: Promise<unknown> }[] = [];
const MOST_ANSWERS = 16;

/** Texts that took too long to read: each asker would wait as long again, and keep the thread from reading others. */
let late: { text: Text; beside: Text | undefined; error: NoAnswer }[] = [];
const MOST_LATE = 4;

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
  const refused = late.find((each) => isSame(each.text, text) && isSame(each.beside, beside));
  if (refused) throw refused.error;
  const key = JSON.stringify([id, asked]);
  const known = answers.find((each) => each.key === key && isSame(each.text, text) && isSame(each.beside, beside));
  const promise = known?.answer ?? thread({ id, asked, text: only(text), beside: beside ? only(beside) : null });
  // Nobody asks about what a text said before it changed.
  const others = answers.filter((each) => each !== known && (each.text.path !== text.path || isSame(each.text, text)));
  answers = [{ key, text, beside, answer: promise }, ...others].slice(0, MOST_ANSWERS);
  promise.catch((error: unknown) => {
    // A failure is not kept as an answer: the next question tries again, unless reading took too long.
    answers = answers.filter((each) => each.answer !== promise);
    if (!known && error instanceof NoAnswer) late = [{ text, beside, error }, ...late].slice(0, MOST_LATE);
  });
  // The thread runs our own program, with the same table of questions.
  return (await promise) as Answer<Id>;
}

function only({ text, path, hasWeights }: Text): Text {
  return { text, path, hasWeights };
}

function isSame(one: Text | undefined, other: Text | undefined): boolean {
  return one?.text === other?.text && one?.path === other?.path && one?.hasWeights === other?.hasWeights;
}
