import { readConfig, type ConfigReading } from '../../config/read';
import type { Reading } from '../../config/reading';
import { readRecording } from '../../run/recording';
import { runReading } from '../../run/recipe-of-run';
import type { Text } from '../../worker/config-reader';

export interface ReadText {
  text: string;
  reading: ConfigReading;
}

/** A text with what it says, of which more can be asked. */
export type SourceText = Text & { reading: Reading };

export function isSameText(one: Text, other: Text | undefined): boolean {
  const isSame = (key: keyof Text): boolean => one[key] === other?.[key];
  return isSame('text') && isSame('path') && isSame('hasWeights') && isSame('code') && isSame('isRun');
}

/** A reader that keeps the latest `most` readings: many ask about one text. */
export function createReadings(most: number): (text: Text) => ReadText {
  let known: (Text & ReadText)[] = [];
  return (asked) => {
    const { text, path, hasWeights, code } = asked;
    const same = known.find((each) => isSameText(each, asked));
    const recording = asked.isRun ? readRecording(text, path) : { wrong: '' };
    const readAs = (): ConfigReading =>
      'wrong' in recording ? readConfig(text, path, { hasWeights, code }) : runReading(text, recording);
    const read = same ?? { ...asked, reading: readAs() };
    known = [read, ...known.filter((each) => each !== read)].slice(0, most);
    return read;
  };
}
