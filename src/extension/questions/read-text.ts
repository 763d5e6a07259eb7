import { readConfig, type ConfigReading } from '../../config/read';
import type { Reading } from '../../config/reading';

/** A text, and all that decides how it is read. */
export interface Text {
  text: string;
  /** Its extension names the syntax. */
  path: string;
  /** The file is the config of an adapter whose trained weights were seen beside it. */
  hasWeights: boolean;
}

export interface ReadText {
  text: string;
  reading: ConfigReading;
}

/** A text with what it says, of which more can be asked. */
export type SourceText = Text & { reading: Reading };

/** A reader that keeps the latest `most` readings: many ask about one text. */
export function createReadings(most: number): (text: Text) => ReadText {
  let known: (Text & ReadText)[] = [];
  return (asked) => {
    const { text, path, hasWeights } = asked;
    const same = known.find((each) => each.text === text && each.path === path && each.hasWeights === hasWeights);
    const read = same ?? { ...asked, reading: readConfig(text, path, { hasWeights }) };
    known = [read, ...known.filter((each) => each !== read)].slice(0, most);
    return read;
  };
}
