import type { Directive, WrittenTag } from './scan-marks';
import type { ScannedScalar } from './scan-scalar';

/** What PyYAML calls the tokens that hold nothing but their place. */
export type MarkId =
  | '<stream end>'
  | '<document start>'
  | '<document end>'
  | '<block sequence start>'
  | '<block mapping start>'
  | '<block end>'
  | '['
  | ']'
  | '{'
  | '}'
  | '-'
  | ','
  | '?'
  | ':';

export type YamlToken = { start: number; end: number } & (
  | { id: MarkId }
  | { id: '<directive>'; directive: Directive }
  | { id: '<alias>' | '<anchor>'; name: string }
  | { id: '<tag>'; tag: WrittenTag }
  | { id: '<scalar>'; scalar: ScannedScalar }
);

export type TokenId = YamlToken['id'];
