import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Manifest } from '../../schemas/evidence.js';
import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { canonicalJson } from '../../src/evidence/canonical.js';
import { sha256Of } from '../../src/evidence/digest.js';
import { verifySpec } from '../../src/evidence/verify-spec.js';
import { ROOT, SPEC } from './fixtures.js';
import { fiveBundles, makeRecorded, type Recorded } from './recorded.js';

let recorded: Recorded;

beforeAll(() => {
  recorded = makeRecorded(fiveBundles);
});
afterAll(() => recorded.dispose());

/** With another byte in the middle: a hexadecimal digit where one stood, so that a digest stays one in every run. */
function changedInside(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length >> 1;
  const letter = copy.toString('latin1', at, at + 1);
  copy.write(/[0-9a-f]/.test(letter) ? (letter === '0' ? '1' : '0') : '~', at);
  return copy;
}

type Json = { [name: string]: unknown };
const RECORDS = [1, 2, 3, 4, 5];
const recordAt = (seq: number): Json => JSON.parse(recorded.original(recorded.recordFile(seq)).toString());
const sessionOf = (seq: number) => String(recordAt(seq)['bundle']);

/** Findings as lines, with a name for what each run makes anew. */
function linesOf(found: readonly EvidenceFinding[]): string[] {
  const sessions = new Map(RECORDS.map(seq => [sessionOf(seq), `S${seq}`]));
  const plain = (text: string) =>
    [...sessions]
      .reduce((told, [session, name]) => told.replaceAll(session, name), text)
      .replaceAll(/\b[0-9a-f]{64}\b/g, '<sha256>')
      .replaceAll(/\b[0-9a-f]{40}\b/g, '<id>')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>');
  return found
    .map(
      ({
        code,
        severity,
        record,
        file = '-',
        byte = '-',
        line = '-',
        expected = '-',
        actual = '-',
        message,
      }) =>
        plain(
          `${severity} ${code} r${record ?? '-'} ${file.slice(ROOT.length + 1)} ${byte} ${line} | ${expected} | ${actual} | ${message}`,
        ),
    )
    .sort();
}

async function verify(): Promise<string> {
  const { findings } = await verifySpec(recorded.workspace, ROOT, SPEC, async () => {});
  return linesOf(findings).join('\n') || 'nothing';
}

const write = (file: string, value: unknown) => writeFileSync(recorded.at(file), `${canonicalJson(value)}\n`);

/** As somebody would who knows the formats: from record `seq` on, every record names the one before as it is now. */
function chainFrom(seq: number, first: Json): void {
  let record = first;
  for (let at = seq; at <= RECORDS.length; at++) {
    if (at > seq) record = { ...recordAt(at), prev: sha256Of(Buffer.from(`${canonicalJson(record)}\n`)) };
    write(recorded.recordFile(at), record);
  }
}

/** Edits the manifest of a record and makes the whole ledger agree with it. */
function forgeManifest(seq: number, edit: (manifest: Json, predicate: Json) => unknown): void {
  const record = recordAt(seq);
  const place = record['manifest'];
  if (typeof place !== 'object' || place === null || !('path' in place)) throw new TypeError('no manifest');
  const file = String(place.path);
  const manifest: Json = JSON.parse(recorded.original(file).toString());
  const predicate: Json = JSON.parse(JSON.stringify(manifest['predicate']));
  edit(manifest, predicate);
  write(file, { ...manifest, predicate });
  const sha256 = sha256Of(Buffer.from(`${canonicalJson({ ...manifest, predicate })}\n`));
  chainFrom(seq, { ...record, manifest: { path: file, sha256 } });
}

type Edit = { readonly name?: string; readonly digest?: Json; readonly annotations?: Json };

/** Changes what a manifest says of its first file. */
function editSubject(manifest: Json, { annotations, ...rest }: Edit): void {
  const { subject } = Manifest.parse(manifest);
  const [first, ...others] = subject;
  if (first === undefined) throw new TypeError('no file');
  manifest['subject'] = [
    { ...first, ...rest, annotations: { ...first.annotations, ...annotations } },
    ...others,
  ];
}

async function told(changes: readonly (readonly [name: string, change: () => unknown])[]): Promise<string> {
  const said = [];
  for (const [name, change] of changes) {
    change();
    said.push(`# ${name}`, await verify());
    recorded.restore();
  }
  return said.join('\n');
}

test('whatever happens to a file, whole', async () => {
  const changes = recorded.files.flatMap(file => {
    const bytes = recorded.original(file);
    const [seq, end] = [recorded.recordOf(file), file.replace(/^.*\d{8}T\d{6}Z-[0-9a-f]{8}/, '')];
    const name = `${file.startsWith('ledger') ? 'record' : end} of ${seq}`;
    const put = (text: Uint8Array) => () => writeFileSync(recorded.at(file), text);
    return [
      [`${name} changed inside`, put(changedInside(bytes))],
      [`${name} emptied`, put(Buffer.alloc(0))],
      [`${name} no JSON`, put(Buffer.from('{"'))],
      [`${name} deleted`, () => rmSync(recorded.at(file))],
    ] as const;
  });
  const ordered = [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(await told(ordered)).toMatchSnapshot();
});

test('whatever keeps a record or a file from being read, whole', async () => {
  const places = [1, 3, 5].flatMap(seq => {
    const manifest = recordAt(seq)['manifest'];
    const path = typeof manifest === 'object' && manifest !== null && 'path' in manifest ? manifest.path : '';
    return [
      [`record ${seq}`, recorded.recordFile(seq)],
      [`manifest ${seq}`, String(path)],
    ] as const;
  });
  const changes = places.flatMap(([name, file]) => {
    const folder = () => {
      rmSync(recorded.at(file));
      mkdirSync(recorded.at(file));
    };
    const large = () => writeFileSync(recorded.at(file), Buffer.alloc(4 * 1024 * 1024 + 1, ' '));
    return [
      [`${name} is a folder`, folder],
      [`${name} is too large`, large],
    ] as const;
  });
  expect(await told(changes)).toMatchSnapshot();
});

test('whatever a record says instead, whole', async () => {
  const edits: readonly Json[] = [
    { v: 2 },
    { seq: 9 },
    { prev: 'f'.repeat(64) },
    { prev: '' },
    { bundle: '20200101T000000Z-00000000' },
    { at: '2020-01-01T00:00:00.000Z' },
    { at: 'yesterday' },
    { specId: 'SPEC-B-2' },
    { more: 1 },
    { manifest: { path: 'commands/SPEC-A-1/none_manifest.json', sha256: 'f'.repeat(64) } },
    { manifest: { path: '../x', sha256: 'f'.repeat(64) } },
  ];
  const changes = [1, 3, 5].flatMap(seq =>
    edits.map(
      edit =>
        [
          `record ${seq} ${JSON.stringify(edit)}`,
          () => chainFrom(seq, { ...recordAt(seq), ...edit }),
        ] as const,
    ),
  );
  const swapped = () => {
    write(recorded.recordFile(2), recordAt(3));
    write(recorded.recordFile(3), recordAt(2));
  };
  const doubled = () => chainFrom(3, { ...recordAt(2), seq: 3, prev: recordAt(3)['prev'] });
  expect(
    await told([...changes, ['records swapped', swapped], ['a bundle twice', doubled]]),
  ).toMatchSnapshot();
});

test('whatever a manifest claims instead, whole', async () => {
  const edits: readonly (readonly [name: string, edit: (manifest: Json, predicate: Json) => unknown])[] = [
    ['another type', manifest => Object.assign(manifest, { _type: 'x' })],
    ['no subjects', manifest => Object.assign(manifest, { subject: [] })],
    ['another spec', (_, predicate) => Object.assign(predicate, { specId: 'SPEC-B-2' })],
    ['another kind', (_, predicate) => Object.assign(predicate, { kind: 'hal' })],
    ['of a caller', (_, predicate) => Object.assign(predicate, { attestedBy: 'caller' })],
    ['of the server', (_, predicate) => Object.assign(predicate, { attestedBy: 'server' })],
    ['another stage', (_, predicate) => Object.assign(predicate, { stage: 'audit' })],
    ['no stage', (_, predicate) => Object.assign(predicate, { stage: null })],
    ['passed', (_, predicate) => Object.assign(predicate, { outcome: 'passed' })],
    ['failed', (_, predicate) => Object.assign(predicate, { outcome: 'failed' })],
    ['a verdict', (_, predicate) => Object.assign(predicate, { verdict: 'conflict' })],
    ['no verdict', (_, predicate) => Object.assign(predicate, { verdict: null })],
    ['no checks', (_, predicate) => Object.assign(predicate, { checks: [] })],
    [
      'a waiver',
      (_, predicate) =>
        Object.assign(predicate, { waivers: [{ check: 'clean-tree', reason: 'r', by: 'b' }] }),
    ],
    [
      'another commit',
      (_, predicate) =>
        Object.assign(predicate, {
          source: { commit: 'a'.repeat(40), tree: null, branch: null, dirty: false },
        }),
    ],
    ['other settings', (_, predicate) => Object.assign(predicate, { configDigest: 'f'.repeat(64) })],
    [
      'an end before its start',
      (_, predicate) => Object.assign(predicate, { endedAt: '2020-01-01T00:00:00.000Z' }),
    ],
    ['a file too large to read', manifest => editSubject(manifest, { annotations: { size: 2 ** 40 } })],
    ['another size', manifest => editSubject(manifest, { annotations: { size: 1 } })],
    ['another digest', manifest => editSubject(manifest, { digest: { sha256: 'f'.repeat(64) } })],
    ['another blob', manifest => editSubject(manifest, { annotations: { gitBlob: 'f'.repeat(40) } })],
    ['a file elsewhere', manifest => editSubject(manifest, { name: '../x' })],
    ['a file of another folder', manifest => editSubject(manifest, { name: `consensus/${SPEC}/x.json` })],
    ['a member more', (_, predicate) => Object.assign(predicate, { more: 1 })],
  ];
  const changes = [1, 2, 3, 4].flatMap(seq =>
    edits.map(([name, edit]) => [`manifest ${seq}: ${name}`, () => forgeManifest(seq, edit)] as const),
  );
  expect(await told(changes)).toMatchSnapshot();
});
