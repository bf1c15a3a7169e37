import { cpSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvidenceFinding } from '../../schemas/evidence-tools.js';
import { filesOf, flipped, makeRecorded, type Recorded } from './recorded.js';

let recorded: Recorded;

beforeAll(() => {
  recorded = makeRecorded();
});

afterAll(() => recorded.dispose());

const pick = (pattern: RegExp) => recorded.files.find(file => pattern.test(file)) ?? '';

/** Wrong in the first error: the record and the file that were changed. */
function expectNamed(found: readonly EvidenceFinding[], file: string, what: string): void {
  expect(found[0], what).toMatchObject({ severity: 'error', record: recorded.recordOf(file) });
  const texts = [...filesOf(found), ...found.map(({ message }) => message)];
  expect(
    texts.some(text => text?.includes(file)),
    `${what}: ${texts.join(' | ')}`,
  ).toBe(true);
}

describe('one changed file', () => {
  it('names the record and the file of every changed byte in records, and of every seventh in manifests', async () => {
    for (const file of recorded.files.filter(name => /ledger|manifest/.test(name))) {
      const bytes = recorded.original(file);
      for (let offset = 0; offset < bytes.length; offset += file.startsWith('ledger') ? 1 : 7)
        expectNamed(await recorded.findingsWith(file, flipped(bytes, offset)), file, `${file} at ${offset}`);
    }
  });

  it('names the record and the file of changed bytes in bundle files', async () => {
    for (const file of recorded.files.filter(name => !/ledger|manifest/.test(name))) {
      const bytes = recorded.original(file);
      for (const part of [0, 0.1, 0.37, 0.5, 0.93, 1]) {
        const offset = Math.floor((bytes.length - 1) * part);
        expectNamed(await recorded.findingsWith(file, flipped(bytes, offset)), file, `${file} at ${offset}`);
      }
    }
  });

  it('names a file that was cut, extended, emptied or swapped for its neighbour', async () => {
    const files = recorded.files;
    for (const [index, file] of files.entries()) {
      const bytes = recorded.original(file);
      const neighbour = recorded.original(files[(index + 1) % files.length] ?? '');
      const changes = {
        cut: bytes.subarray(0, -1),
        extended: Buffer.concat([bytes, Buffer.from('\n')]),
        emptied: Buffer.alloc(0),
        swapped: neighbour,
      };
      for (const [what, changed] of Object.entries(changes))
        expectNamed(await recorded.findingsWith(file, changed), file, `${file} ${what}`);
    }
  });

  it('names the byte where JSON stops being canonical, and the 64 KiB that changed', async () => {
    const record = recorded.recordFile(2);
    const spaced = Buffer.from(recorded.original(record).toString().replace('"bundle":', '"bundle": '));
    const [first] = await recorded.findingsWith(record, spaced);
    expect(first).toMatchObject({ code: 'record-malformed', byte: spaced.indexOf('"bundle": ') + 9 });
    const big = pick(/big/);
    const [chunk] = await recorded.findingsWith(big, flipped(recorded.original(big), 66_000));
    expect(chunk).toMatchObject({ code: 'file-changed', byte: 65_536 });
  });

  it('names every deleted, renamed and duplicated file', async () => {
    for (const file of recorded.files) {
      const isNewest = file === recorded.recordFile(3);
      const gone = await recorded.reportAfter(() => rmSync(recorded.at(file)));
      expect(gone.outcome, `${file} deleted`).toBe(isNewest ? 'incomplete' : 'tampered');
      if (!isNewest) expect(filesOf(gone.findings), `${file} deleted`).toContain(file);
      const other = path.join(path.dirname(file), `x${path.basename(file)}`);
      const moved = await recorded.reportAfter(() => renameSync(recorded.at(file), recorded.at(other)));
      expect(moved.outcome, `${file} renamed`).toBe('tampered');
      expect(filesOf(moved.findings).some(name => name === file || name === other)).toBe(true);
      const twice = await recorded.reportAfter(() => cpSync(recorded.at(file), recorded.at(other)));
      expect(twice, `${file} duplicated`).toMatchObject({
        outcome: 'tampered',
        findings: [{ code: 'extra-file' }],
      });
      expect(filesOf(twice.findings)).toContain(other);
    }
  });
});
