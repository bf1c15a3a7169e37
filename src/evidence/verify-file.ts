import { CHUNK_BYTES, type LedgerRecord, type Subject } from '../../schemas/evidence.js';
import { digestOf, sha256Of } from './digest.js';
import { type FindingCode, finding, type Place } from './findings.js';
import { type Inspection, inWords, placeOf } from './inspection.js';
import { folderOf, nameOf } from './layout.js';
import { jsonErrorAt } from './stored-json.js';

const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** One file of a bundle against its size and digest; its bytes when they are the recorded ones. */
export function verifyFile(
  inspection: Inspection,
  record: LedgerRecord,
  subject: Subject,
): Buffer | undefined {
  const { readFile, report, account } = inspection;
  const { name } = subject;
  const { size } = subject.annotations;
  const wrong = (code: FindingCode, message: string) =>
    report(finding(code, placeOf(inspection, record, name), message));
  if (folderOf(name) !== folderOf(record.manifest.path) || !nameOf(name).includes(record.bundle)) {
    wrong('file-misplaced', `The manifest of record ${record.seq} names a file of another bundle.`);
    return undefined;
  }
  account(record.bundle, name, size);
  if (size > MAX_FILE_BYTES) {
    wrong(
      'file-too-large',
      `It claims ${size} bytes, over the limit of ${MAX_FILE_BYTES}, and was not read.`,
    );
    return undefined;
  }
  const bytes = readFile(name, size);
  if (typeof bytes !== 'string' && sha256Of(bytes) === subject.digest.sha256) return bytes;
  if (bytes === 'missing') wrong('file-missing', 'A file of the bundle is missing.');
  else if (typeof bytes === 'string') wrong('file-changed', `The file is ${inWords(bytes)}.`);
  else {
    const found = changedFile(placeOf(inspection, record, name), subject, bytes);
    report(found);
    inspection.changed(found, subject.annotations.gitBlob);
  }
  return undefined;
}

function changedFile(place: Place, { name, digest, annotations }: Subject, bytes: Buffer) {
  const { sha256, chunks } = digestOf(bytes);
  const byte =
    firstWrongChunk(annotations.chunks, chunks) ?? (name.endsWith('.json') ? jsonErrorAt(bytes) : undefined);
  const sizes =
    bytes.length === annotations.size ? '' : ` It has ${bytes.length} bytes instead of ${annotations.size}.`;
  return finding(
    'file-changed',
    { ...place, ...(byte === undefined ? {} : { byte }), expected: digest.sha256, actual: sha256 },
    `The file is not the one that was recorded.${sizes}`,
  );
}

function firstWrongChunk(
  expected: readonly string[] | undefined,
  actual: readonly string[] | undefined,
): number | undefined {
  const wrong = expected?.findIndex((chunk, index) => chunk !== actual?.[index]) ?? -1;
  return wrong === -1 ? undefined : wrong * CHUNK_BYTES;
}
