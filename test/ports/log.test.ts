import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCopyLog } from '../../src/ports/log.js';
import { createRedactor } from '../../src/redact/redactor.js';
import type { LogCopy } from '../../src/workspace/redactor.js';

const CANARY = 'Canary-0123456789-abcdefghij';
const redactor = createRedactor([CANARY]);
let root: string;
let copies = 0;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'spec-kit-log-'));
});
afterAll(() => rmSync(root, { recursive: true }));

async function copied(
  content: string | Uint8Array,
  keepBytes?: number,
): Promise<LogCopy & { bytes: Buffer; text: string }> {
  const name = `log-${copies++}`;
  writeFileSync(path.join(root, `${name}.raw`), content);
  const copy = await createCopyLog({ root, redactor, ...(keepBytes && { keepBytes }) })(`${name}.raw`, name);
  const bytes = readFileSync(path.join(root, name));
  expect(copy.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(copy.keptBytes).toBe(bytes.length);
  expect(copy.totalBytes).toBe(Buffer.byteLength(content));
  return { ...copy, bytes, text: bytes.toString() };
}

describe('a log that is kept whole', () => {
  test('has its secrets hidden and all other bytes as they were', async () => {
    const copy = await copied(Buffer.concat([Buffer.from([0xff, 0, 0xfe]), Buffer.from(`\n${CANARY} end`)]));
    expect(copy).toMatchObject({ truncated: false, redactions: 1 });
    expect(copy.bytes).toEqual(
      Buffer.concat([Buffer.from([0xff, 0, 0xfe]), Buffer.from('\n[redacted] end')]),
    );
    expect(statSync(path.join(root, `log-${copies - 1}`)).mode & 0o777).toBe(0o644);
  });

  test('may be empty', async () => {
    expect(await copied('')).toMatchObject({ keptBytes: 0, truncated: false, redactions: 0, text: '' });
  });

  test('is whole up to the limit, over many buffers', async () => {
    const content = Buffer.alloc(1024 * 1024, 'line of text\n');
    const copy = await copied(content);
    expect(copy.truncated).toBe(false);
    expect(copy.bytes.equals(content)).toBe(true);
  });
});

describe('a log that is too long', () => {
  test('keeps whole lines of its head and its tail, and says how much is left out', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`);
    const copy = await copied(lines.join(''), 20_000);
    expect(copy.truncated).toBe(true);
    expect(copy.keptBytes).toBeLessThan(20_100);
    const [head = '', leftOut, tail = ''] = copy.text.split(/\n\[\.\.\. (\d+) bytes left out \.\.\.\]\n/);
    const kept = head.length + tail.length;
    expect(Number(leftOut)).toBe(copy.totalBytes - kept);
    expect(kept).toBeGreaterThan(19_000);
    expect(lines.join('').startsWith(head) && head.endsWith('\n')).toBe(true);
    expect(lines.join('').endsWith(tail) && tail.startsWith('line ')).toBe(true);
  });

  test('shows no part of a secret that a cut goes through', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 80 }), fc.nat({ max: 80 }), async (inHead, inTail) => {
        const content = Buffer.alloc(60_000, '.');
        content.write(CANARY, 1000 - 40 + inHead);
        content.write(CANARY, 59_000 - 40 + inTail);
        const { text } = await copied(content, 2000);
        expect(text.replaceAll('[redacted]', '')).toMatch(/^\.+\n\[\.\.\. \d+ bytes left out \.\.\.\]\n\.+$/);
      }),
      { numRuns: 60 },
    );
  });

  test('shows no part of a private key that a cut goes through', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${`${'MIIEvQIBADANBg'.repeat(4)}\n`.repeat(200)}-----END PRIVATE KEY-----\n`;
    const { text, redactions } = await copied(
      `${'a line\n'.repeat(100)}${key}${'a line\n'.repeat(100)}`,
      4000,
    );
    expect(redactions).toBe(2);
    expect(text).not.toMatch(/MII|QIBA|PRIVATE/);
    expect(text).toMatch(
      /^(a line\n)+\[redacted\]\n\[\.\.\. \d+ bytes left out \.\.\.\]\n\[redacted\]\n(a line\n)+$/,
    );
  });
});

describe('a log that cannot be kept', () => {
  const copyLog = (from: string, to: string) => createCopyLog({ root, redactor })(from, to);

  test('leaves what exists alone', async () => {
    writeFileSync(path.join(root, 'source'), 'new');
    writeFileSync(path.join(root, 'taken'), 'old');
    await expect(copyLog('source', 'taken')).rejects.toMatchObject({ code: 'FILE_UNAVAILABLE' });
    expect(readFileSync(path.join(root, 'taken'), 'utf8')).toBe('old');
  });

  test('is refused outside the workspace, through a link, and when it is not there', async () => {
    symlinkSync('/etc/hostname', path.join(root, 'link'));
    await expect(copyLog('../x', 'a')).rejects.toMatchObject({ code: 'OUTSIDE_WORKSPACE' });
    await expect(copyLog('source', '../x')).rejects.toMatchObject({ code: 'OUTSIDE_WORKSPACE' });
    await expect(copyLog('link', 'a')).rejects.toMatchObject({ code: 'FILE_UNAVAILABLE' });
    await expect(copyLog('missing', 'a')).rejects.toMatchObject({ code: 'FILE_UNAVAILABLE' });
    expect(statSync(path.join(root, 'a'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('leaves no part of itself when the disk is full', () => {
    writeFileSync(path.join(root, 'big'), 'x'.repeat(100_000));
    const program = `
      import { createCopyLog } from '${path.resolve('dist/src/ports/log.js')}';
      import { createRedactor } from '${path.resolve('dist/src/redact/redactor.js')}';
      process.on('SIGXFSZ', () => {});
      const error = await createCopyLog({ root: ${JSON.stringify(root)}, redactor: createRedactor([]) })('big', 'cut')
        .catch(error => error);
      console.log(error.code, error.message);`;
    const answer = execFileSync(
      'sh',
      ['-c', 'ulimit -f 16; exec "$0" --input-type=module -e "$1"', process.execPath, program],
      { encoding: 'utf8' },
    );
    expect(answer).toContain('FILE_UNAVAILABLE Could not keep the log in cut: the file would be larger');
    expect(statSync(path.join(root, 'cut'), { throwIfNoEntry: false })).toBeUndefined();
  });
});
