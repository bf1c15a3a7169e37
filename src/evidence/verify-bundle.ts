import { type LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { sha256Of } from './digest.js';
import { finding, type Place } from './findings.js';
import { type Inspection, inWords, placeOf } from './inspection.js';
import {
  bundleFolder,
  bundleFolders,
  folderOf,
  manifestName,
  nameOf,
  prefixOf,
  recordPath,
} from './layout.js';
import { MAX_MANIFEST_BYTES } from './records.js';
import { readStored } from './stored-json.js';
import { ambiguityOf } from './strict-json.js';
import { isPayload, verifyAgreement, verifyClaims, verifyPayloads } from './verify-claims.js';
import { verifyFile } from './verify-file.js';

/** Verifies the manifest that a record names and every file that the manifest names. True when the manifest is sound. */
export function verifyBundle(inspection: Inspection, record: LedgerRecord): boolean {
  const { path } = record.manifest;
  const place = () => placeOf(inspection, record, path);
  const ownPlace = () => placeOf(inspection, record, recordPath(record.specId, record.seq));
  if (
    !bundleFolders(record.specId).includes(folderOf(path)) ||
    !path.endsWith('_manifest.json') ||
    !path.includes(record.bundle)
  ) {
    inspection.report(
      finding(
        'manifest-misplaced',
        ownPlace(),
        `Record ${record.seq} names ${path}, where no manifest of its bundle belongs.`,
      ),
    );
    return false;
  }
  const manifest = readManifest(inspection, record, place);
  if (manifest === undefined) return false;
  const { predicate } = manifest;
  inspection.found(record, predicate);
  verifyAgreement(inspection, record, manifest);
  verifyClaims(inspection, record, manifest);
  if (folderOf(path) !== bundleFolder(predicate.kind, record.specId))
    inspection.report(
      finding(
        'manifest-misplaced',
        place(),
        `The manifest of a ${predicate.kind} bundle does not belong there.`,
      ),
    );
  const prefix = prefixOf(predicate);
  if (prefix !== undefined && nameOf(path) !== manifestName(prefix, record.bundle))
    inspection.report(
      finding(
        'manifest-misplaced',
        { ...place(), expected: manifestName(prefix, record.bundle), actual: nameOf(path) },
        `The name of the manifest is not that of a ${predicate.kind} bundle of its stage.`,
      ),
    );
  verifyFiles(inspection, record, manifest);
  return true;
}

function verifyFiles(inspection: Inspection, record: LedgerRecord, manifest: Manifest): void {
  const { predicate, subject } = manifest;
  const payloads = new Map<string, Buffer>();
  const seen = new Set<string>();
  for (const one of subject) {
    if (seen.has(one.name)) {
      const place = placeOf(inspection, record, record.manifest.path);
      inspection.report(finding('manifest-malformed', place, `It names ${nameOf(one.name)} twice.`));
    }
    seen.add(one.name);
    const bytes = verifyFile(inspection, record, one);
    if (bytes === undefined || !isPayload(predicate, record.bundle, one.name)) continue;
    payloads.set(one.name, bytes);
    if (one.name.endsWith('.json')) verifyUnambiguous(inspection, record, one.name, bytes);
  }
  verifyPayloads(inspection, record, manifest, payloads);
}

function verifyUnambiguous(inspection: Inspection, record: LedgerRecord, path: string, bytes: Buffer): void {
  const found = ambiguityOf(bytes);
  if (found === undefined) return;
  const place = { ...placeOf(inspection, record, path), byte: found.byte };
  const message = `Readers may not agree on what it says: ${found.why}.`;
  inspection.report(finding('json-ambiguous', place, message));
}

function readManifest(
  inspection: Inspection,
  record: LedgerRecord,
  place: () => Place,
): Manifest | undefined {
  const { readFile, report, account } = inspection;
  const { path } = record.manifest;
  const own = () => recordPath(record.specId, record.seq);
  const bytes = readFile(path, MAX_MANIFEST_BYTES);
  if (typeof bytes === 'string') {
    report(finding('manifest-missing', place(), `The manifest that ${own()} names is ${inWords(bytes)}.`));
    return undefined;
  }
  account(record.bundle, path, bytes.length);
  const { value, flaw } = readStored(bytes);
  const at = () => (flaw === undefined ? place() : { ...place(), byte: flaw });
  const expected = record.manifest.sha256;
  const actual = sha256Of(bytes);
  if (actual !== expected) {
    const message = `The manifest and ${own()} do not belong together: one was changed.`;
    report(finding('manifest-changed', { ...at(), expected, actual }, message));
    return undefined;
  }
  const manifest = flaw === undefined ? Manifest.safeParse(value).data : undefined;
  if (manifest === undefined)
    report(
      finding('manifest-malformed', at(), 'The manifest is not an evidence statement in canonical form.'),
    );
  return manifest;
}
