import { divideLines, PEFT_LIBRARY, type InitStart } from '../../../src/config/init-code/divide';
import { TRAINERS } from '../../../src/config/trainers/all';
import { gaugeOf, type GaugeId } from '../../../src/recipe/gauge';
import { LIBRARIES } from '../../unit/config/init-code/libraries';
import { INITS } from '../../../src/recipe/init/init-rows';

/** Code for every library, gauge, k and init, and what each trainer wraps around it, and the table of inits, as JSON on standard output. */

const GAUGES: readonly GaugeId[] = ['symmetric', 'keep-init', 'keep-b'];
const FACTORS = [4, 3];

interface Case {
  k: number;
  gauge: GaugeId;
  p: number;
  q: number;
  method: InitStart['method'];
  code: string;
}

function casesOf(method: InitStart['method'], linesOf: (start: InitStart) => string[]): Case[] {
  return FACTORS.flatMap((k) =>
    GAUGES.map((gauge) => {
      const { p, q } = gaugeOf(gauge, k);
      return { k, gauge, p, q, method, code: linesOf({ init: { A: 1 / p, B: 1 / q }, k, method }).join('\n') };
    }),
  );
}

const libraries = Object.fromEntries(
  Object.entries(LIBRARIES).map(([id, library]) => [id, casesOf(null, (start) => divideLines(library, start))]),
);
const peft = INITS.flatMap(({ id }) => casesOf(id, (start) => divideLines(PEFT_LIBRARY, start)));
const wrapped = TRAINERS.flatMap(({ id, layouts }) =>
  layouts.flatMap((layout) => casesOf(null, (start) => [layout.initCode(start)]).map((one) => ({ id, ...one }))),
);

process.stdout.write(`${JSON.stringify({ libraries, peft, wrapped, inits: INITS })}\n`);
