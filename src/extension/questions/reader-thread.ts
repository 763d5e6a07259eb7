import '../../worker/node/thread';
import { serveReader } from '../../worker/node/reader-thread';
import { createReadings } from './read-text';
import { answer, QUESTION_IDS } from './questions';

/** The thread that reads configs for the extension host. Two texts can be compared; more are not kept. */
const read = createReadings(2);

serveReader(({ id, asked, text, beside }) => {
  const known = QUESTION_IDS.find((each) => each === id);
  if (!known) throw new Error(`unknown question "${id}"`);
  return answer(known, read(text), asked as never, beside ? read(beside) : undefined);
});
