import '../../worker/node/thread';
import { serveReader } from '../../worker/node/reader-thread';
import { createReadings } from './read-text';
import { QUESTIONS, type QuestionId, answer } from './questions';

/** The program of the thread that reads configs for the extension host. Two texts can be compared; more are not kept. */
const read = createReadings(2);

serveReader(({ id, asked, text, beside }) => {
  if (!Object.hasOwn(QUESTIONS, id)) throw new Error(`unknown question "${id}"`);
  return answer(id as QuestionId, read(text), asked as never, beside ? read(beside) : undefined);
});
