import type { LedgerRecord } from '../../schemas/evidence.js';

/**
 * The one text that a record in canonical form can be: no value of it needs an escape. Says the same as the schema and
 * the canonical form together, at a tenth of the cost, which counts when thousands of records are verified.
 */
const RECORD = new RegExp(
  String.raw`^\{"at":"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z)","bundle":"(\d{8}T\d{6}Z-[0-9a-f]{8})",` +
    String.raw`"manifest":\{"path":"(commands/[A-Z0-9-]{3,64}/[A-Za-z0-9][A-Za-z0-9._-]{0,199})","sha256":"([0-9a-f]{64})"\},` +
    String.raw`"prev":"([0-9a-f]{64})","seq":([1-9]\d{0,7}),"specId":"(?=[A-Z0-9-]{3,64}")([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)","v":1\}\n$`,
);

/** The record that a text is; undefined when it is none or not in canonical form. */
export function recordOfText(text: string): LedgerRecord | undefined {
  const [, at, bundle, path, sha256, prev, seq, specId] = RECORD.exec(text) ?? [];
  if (!at || !bundle || !path || !sha256 || !prev || !seq || !specId) return undefined;
  return { v: 1, seq: Number(seq), prev, specId, bundle, manifest: { path, sha256 }, at };
}
