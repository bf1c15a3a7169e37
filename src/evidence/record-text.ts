import type { LedgerRecord } from '../../schemas/evidence.js';

/**
 * The shape of a record in canonical form, whose values need no escape. Read like this at a third of the cost of JSON,
 * which counts when thousands of records are verified: each value is compared with what it names anyway.
 */
const RECORD =
  /^\{"at":"([ !#-[\]-~]+)","bundle":"([ !#-[\]-~]+)","manifest":\{"path":"([ !#-[\]-~]+)","sha256":"([ !#-[\]-~]+)"\},"prev":"([ !#-[\]-~]+)","seq":([1-9]\d{0,7}),"specId":"([ !#-[\]-~]+)","v":1\}\n$/;

/** The record that a text is; undefined when it is none or not in canonical form. The values are not checked. */
export function recordOfText(text: string): LedgerRecord | undefined {
  const [, at, bundle, path, sha256, prev, seq, specId] = RECORD.exec(text) ?? [];
  if (!at || !bundle || !path || !sha256 || !prev || !seq || !specId) return undefined;
  return { v: 1, seq: Number(seq), prev, specId, bundle, manifest: { path, sha256 }, at };
}
