import { type LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { sha256Of } from './digest.js';
import { finding, type Place } from './findings.js';
import { type Inspection, inWords, placeOf } from './inspection.js';
import { recordPath, resultName } from './layout.js';
import { MAX_MANIFEST_BYTES } from './records.js';
import { readStored } from './stored-json.js';
import { verifyAgreement, verifyClaims } from './verify-claims.js';
import { verifyFile } from './verify-file.js';

/** Verifies the manifest that a record names and every file that the manifest names. True when the manifest is sound. */
export function verifyBundle(inspection: Inspection, record: LedgerRecord): boolean {
  const { path } = record.manifest;
  const place = () => placeOf(inspection, record, path);
  const ownPlace = () => placeOf(inspection, record, recordPath(record.specId, record.seq));
  if (
    !path.startsWith(inspection.folder) ||
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
  verifyAgreement(inspection, record, manifest, ownPlace);
  verifyClaims(inspection, record, manifest, place);
  const result = resultName(manifest.predicate, record.bundle);
  const telemetry = result === undefined ? undefined : `${inspection.folder}${result}`;
  for (const subject of manifest.subject) verifyFile(inspection, record, subject, subject.name === telemetry);
  return true;
}

function readManifest(
  inspection: Inspection,
  record: LedgerRecord,
  place: () => Place,
): Manifest | undefined {
  const { readCommand, report, account } = inspection;
  const name = record.manifest.path.slice(inspection.folder.length);
  const own = () => recordPath(record.specId, record.seq);
  const bytes = readCommand(name, MAX_MANIFEST_BYTES);
  if (typeof bytes === 'string') {
    report(finding('manifest-missing', place(), `The manifest that ${own()} names is ${inWords(bytes)}.`));
    return undefined;
  }
  account(record.bundle, name, bytes.length);
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
