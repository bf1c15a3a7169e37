import { type LedgerRecord, Manifest } from '../../schemas/evidence.js';
import { sha256Of } from './digest.js';
import { finding, type Place } from './findings.js';
import { type Inspection, inWords, placeOf } from './inspection.js';
import { bundleFolder, bundleFolders, folderOf, recordPath, resultName } from './layout.js';
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
  verifyAgreement(inspection, record, manifest, ownPlace);
  verifyClaims(inspection, record, manifest, place);
  const folder = folderOf(path);
  if (folder !== bundleFolder(predicate.kind, record.specId))
    inspection.report(
      finding(
        'manifest-misplaced',
        place(),
        `The manifest of a ${predicate.kind} bundle does not belong there.`,
      ),
    );
  const result = resultName(predicate, record.bundle);
  for (const subject of manifest.subject) {
    const isResult = result !== undefined && subject.name === `${folder}/${result}`;
    verifyFile(inspection, record, subject, isResult ? predicate : undefined);
  }
  return true;
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
