import type { ConfigReader } from '../worker/config-reader';
import { createReadings, type Text } from './documents/read-text';
import { answer, type Answer, type Asked, type QuestionId } from './questions';

/**
 * Texts of up to so many characters are read on this thread; longer ones may take more than a frame (16 ms). Of 2,200 public configs and scripts of 4 to 16 kB
 * 9 in 10 take less than 9 ms; from 64 to 128 kB, 9 in 10 take up to 120 ms.
 */
export const MOST_HERE = 16 * 1024;

const readHere = createReadings(16);

let thread: ConfigReader['ask'] = null;

/** Lets this reader answer what is asked about long texts; null: everything is read here, within the bounds of all texts. */
export function answerIn(reader: ConfigReader['ask']): void {
  thread = reader;
  answers = [];
}

/** What was asked of the thread last, since lenses, problems and each cell of a notebook ask the same. */
let answers: { key: string; text: Text; beside: Text | undefined; answer: Promise<unknown> }[] = [];
const MOST_ANSWERS = 16;

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
  const key = JSON.stringify([id, asked]);
  const known = answers.find((each) => each.key === key && isSame(each.text, text) && isSame(each.beside, beside));
  const promise = known?.answer ?? thread({ id, asked, text: only(text), beside: beside ? only(beside) : null });
  // Nobody asks about what a text said before it changed.
  const others = answers.filter((each) => each !== known && (each.text.path !== text.path || isSame(each.text, text)));
  answers = [{ key, text, beside, answer: promise }, ...others].slice(0, MOST_ANSWERS);
  // A failure is no answer: who asks again is to have another try.
  promise.catch(() => (answers = answers.filter((each) => each.answer !== promise)));
  // The thread runs our own program, with the same table of questions.
  return (await promise) as Answer<Id>;
}

function only({ text, path, hasWeights }: Text): Text {
  return { text, path, hasWeights };
}

function isSame(one: Text | undefined, other: Text | undefined): boolean {
  return one?.text === other?.text && one?.path === other?.path && one?.hasWeights === other?.hasWeights;
}
