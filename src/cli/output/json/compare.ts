import type { Reading } from '../../../config/reading';
import { UNSAID, type Comparison } from '../../../recipe/compare/compare-recipes';
import { TOLERANCE } from '../../../recipe/compare/ratio';
import type { SameRunWay } from '../../../recipe/compare/same-run';
import { notUnderstoodJson } from './reading';
import { valueOf, type Quantities, type Signature } from '../../../recipe/signature';

/** What `compare --json` says. `same` is null where it cannot be told. */
export function comparisonJson(
  { same, meaning, signatures, compared, ways }: Comparison,
  [first, second]: readonly [Reading, Reading],
): unknown {
  return {
    same,
    why: meaning,
    signatureA: signatureJson(signatures[0]),
    signatureB: signatureJson(signatures[1]),
    differences: compared
      .filter((each) => each.same === false)
      .map(({ key, first, second, ratio, why }) => ({ key, a: first, b: second, ratio, why })),
    unknown: compared.filter((each) => each.same === null).map(({ key, why }) => ({ key, why })),
    ways: ways.map(wayJson),
    tolerance: TOLERANCE,
    unsaid: UNSAID,
    notUnderstoodA: first.notUnderstood.map(notUnderstoodJson),
    notUnderstoodB: second.notUnderstood.map(notUnderstoodJson),
  };
}

/** The numbers of a signature; null where nobody says. */
function signatureJson({ rank, row, init, isRelative, quantities }: Signature): unknown {
  return {
    rank,
    optimizer: row?.id ?? null,
    init: init?.id ?? null,
    unit: isRelative ? 'the size of the init' : null,
    ...valuesOf(quantities),
  };
}

function valuesOf(quantities: Quantities): Record<string, number | null> {
  return Object.fromEntries(Object.entries(quantities).map(([key, quantity]) => [key, valueOf(quantity)]));
}

function wayJson({ id, changes, init, left }: SameRunWay): unknown {
  return {
    id,
    changes: changes.map(({ field, from, to, factor }) => ({ field, from, to, factor })),
    init,
    left: left.map(({ key }) => key),
  };
}
