// Writing, listing and verifying evidence, each against the least that the same work costs by hand.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { answeredOnce } from '../dist/src/cli/answered-once.js';
import { verifyEvidence } from '../dist/src/evidence/verify.js';
import { openWorkspace } from '../dist/src/ports/open.js';
import { writeEvidenceTool } from '../dist/tools/write-evidence.js';
import { makeWorkspace, ROOT, SPEC, writeTree } from './evidence-tree.mjs';
import { median, startServer } from './mcp-process.mjs';

const here = import.meta.dirname;
const idle = { signal: new AbortController().signal, progress: async () => {} };

function open(root) {
  return openWorkspace(root, {
    operator: { allowDirty: false, baselineAllowFail: false, trust: undefined, secrets: ['a-secret-of-the-operator'] },
    searchPath: process.env.PATH ?? '',
    runCommand: () => async () => {
      throw new Error('No command runs here.');
    },
    copyLog: () => async () => {
      throw new Error('No log is copied here.');
    },
    trusts: () => false,
  });
}

function handWritten(folder, name, bytes) {
  const temp = path.join(folder, `.${name}.tmp`);
  const fd = openSync(temp, 'wx');
  writeSync(fd, bytes);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(temp, path.join(folder, name));
}

/** The tool, from its arguments to its result, against temp + fsync + rename of the three files it leaves. */
export async function writing() {
  const root = makeWorkspace();
  try {
    const workspace = open(root);
    const content = `${randomBytes(7680).toString('hex')}\n`.repeat(2).slice(0, 20 * 1024);
    const folders = ['commands', 'ledger'].map(name => path.join(root, 'by-hand', name));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    const [commands, ledger] = folders;
    const pairs = [];
    for (let i = 0; i < 220; i++) {
      const start = performance.now();
      const { files, manifest, record } = await writeEvidenceTool.run(
        { specId: SPEC, name: 'note.txt', content, kind: 'note' },
        { workspace, ...idle },
      );
      const ours = performance.now() - start;
      const [file, named, recorded] = [files[0], manifest, record].map(each => readFileSync(path.join(root, each.path)));
      const again = performance.now();
      handWritten(commands, `${i}.txt`, file);
      handWritten(commands, `${i}_manifest.json`, named);
      handWritten(ledger, `${i}.json`, recorded);
      if (i >= 20) pairs.push([ours, performance.now() - again]);
    }
    // Of each pair, because the disk is now fast, now slow. Ours also syncs two folders, or a power cut could take what was acknowledged.
    const ours = median(pairs.map(([tool]) => tool));
    const value = median(pairs.map(([tool, hand]) => tool / hand));
    return [{ what: `write_evidence of 20 KB (${ours.toFixed(2)} ms) / temp + fsync + rename of its files`, value, bound: 1.6 }];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function bareLoop(root) {
  const seen = [];
  for (const folder of [`ledger/${SPEC}`, `commands/${SPEC}`]) {
    const full = path.join(root, ROOT, folder);
    for (const name of readdirSync(full)) seen.push(createHash('sha256').update(readFileSync(`${full}/${name}`)).digest('hex'));
  }
  return seen.length;
}

export async function verifying(what, contentOf, againBound) {
  const root = makeWorkspace();
  try {
    writeTree(root, 2000, contentOf);
    const workspace = open(root);
    const times = { bare: [], ours: [], again: [] };
    const answers = new Map();
    const kept = { read: key => answers.get(key), write: (key, text) => answers.set(key, text) };
    const asked = { root: ROOT, input: {} };
    for (let i = 0; i < 15; i++) {
      const start = performance.now();
      bareLoop(root);
      const middle = performance.now();
      const { outcome, counts } = await verifyEvidence(workspace, ROOT, { specId: SPEC }, idle);
      if (outcome !== 'ok' || counts.records !== 2000) throw new Error(`The tree does not verify: ${outcome}`);
      if (i >= 3) {
        times.bare.push(middle - start);
        times.ours.push(performance.now() - middle);
      }
      const before = performance.now();
      await answeredOnce(workspace, kept, asked, async () => ({
        json: await verifyEvidence(workspace, ROOT, { specId: SPEC }, idle),
        text: '',
        exitCode: 0,
      }));
      if (i >= 3) times.again.push(performance.now() - before);
    }
    const ours = median(times.ours);
    return [
      { what: `verify 2,000 records, ${what} (${ours.toFixed(0)} ms) / read and hash the same bytes`, value: ours / median(times.bare), bound: 2 },
      { what: `verify --cache of the same, unchanged (${median(times.again).toFixed(0)} ms) / verify`, value: median(times.again) / ours, bound: againBound },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** First page of the bundles and of the index through a real server, and the most memory it ever held. */
async function firstPage(bundles) {
  const root = makeWorkspace();
  try {
    writeTree(root, bundles);
    const server = startServer([path.join(here, '../dist/src/bin/spec-kit-mcp.js'), 'serve'], root);
    await server.initialize();
    const times = { list: [], read: [] };
    for (let i = 0; i < 40; i++) {
      const start = performance.now();
      const { message } = await server.request('resources/list', {});
      const middle = performance.now();
      await server.request('resources/read', { uri: `spec-kit://evidence/${SPEC}` });
      if (i >= 5) {
        times.list.push(middle - start);
        times.read.push(performance.now() - middle);
      }
      if (!(message.result.resources.length >= 50)) throw new Error('The first page is not full.');
    }
    const { rss } = server.cost();
    await server.stop();
    return { list: median(times.list), read: median(times.read), rss };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function helloRss() {
  const server = startServer([path.join(here, 'hello.mjs')], here);
  await server.initialize();
  for (let i = 0; i < 80; i++) await server.request('tools/list', {});
  const { rss } = server.cost();
  await server.stop();
  return rss;
}

/** The most memory that one verification of 100,000 files holds, in MB, as a ratio to what it may hold. */
async function verifyingMany() {
  const root = makeWorkspace();
  try {
    writeTree(root, 33_333);
    const out = execFileSync(process.execPath, [path.join(here, 'verify-process.mjs'), root], { encoding: 'utf8' });
    const { outcome, rss, ms } = JSON.parse(out);
    if (outcome !== 'ok') throw new Error(`The tree does not verify: ${outcome}`);
    const megabytes = rss / 1024;
    return [{ what: `memory of verifying 100,000 files (${megabytes.toFixed(0)} MB, ${(ms / 1000).toFixed(1)} s) / 300 MB`, value: megabytes / 300, bound: 1 }];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export async function evidence() {
  const rows = [
    ...(await writing()),
    ...(await verifying('small files', undefined, 0.35)),
    ...(await verifyingMany()),
    ...(await verifying('20 KB files', seq => `${seq} `.repeat(20 * 1024).slice(0, 20 * 1024), 0.2)),
  ];
  const few = await firstPage(3333);
  const many = await firstPage(33_333);
  return [
    ...rows,
    { what: `first page of bundles, 100,000 files (${many.list.toFixed(1)} ms) / 10,000`, value: many.list / few.list, bound: 2 },
    { what: `first page of the index, 100,000 files (${many.read.toFixed(1)} ms) / 10,000`, value: many.read / few.read, bound: 2 },
    { what: 'peak RSS with 100,000 evidence files: ours / hello-world', value: many.rss / (await helloRss()), bound: 1.5 },
  ];
}
