import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import {
  headsPayload,
  openEnvelope,
  preAuthentication,
  sealed,
  signEd25519,
} from '../../src/evidence/envelope.js';
import { publishBundle } from '../../src/evidence/publish.js';
import { runCli } from '../support/cli.js';
import { openTest, type Repository } from '../support/repository.js';
import { test as base } from '../support/workspace.js';
import { bundleOf, DEFAULT_ROOT, SPEC } from './fixtures.js';

/** The built program in a repository with evidence; `record` adds a bundle, `roll` removes the newest one with all of it. */
const test = base.extend<{
  cli: (...args: string[]) => ReturnType<typeof runCli>;
  record: () => void;
  roll: () => void;
}>({
  cli: async ({ repo }, use) => {
    await use((...args) => runCli(repo.root, args));
  },
  record: async ({ repo }, use) => {
    const add = () => {
      const workspace = openTest(repo.root);
      publishBundle(workspace, DEFAULT_ROOT, bundleOf(workspace, { 'note.txt': 'x' }));
    };
    add();
    add();
    await use(add);
  },
  roll: async ({ repo }, use) => {
    await use(() => {
      const ledger = `${DEFAULT_ROOT}/ledger/${SPEC}`;
      const [newest = ''] = execFileSync('ls', ['-r', path.join(repo.root, ledger)], {
        encoding: 'utf8',
      }).split('\n');
      const { bundle } = JSON.parse(repo.read(`${ledger}/${newest}`));
      rmSync(path.join(repo.root, ledger, newest));
      for (const end of ['.txt', '_manifest.json'])
        rmSync(path.join(repo.root, DEFAULT_ROOT, 'commands', SPEC, `note_${bundle}${end}`));
    });
  },
});

const pem = (key: { export(options: object): string | Buffer }, type: string) =>
  String(key.export({ format: 'pem', type }));

function ed25519(repo: Repository, name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  repo.write(`.git/${name}.pem`, pem(privateKey, 'pkcs8'));
  repo.write(`.git/${name}.pub`, pem(publicKey, 'spki'));
  return { secret: pem(privateKey, 'pkcs8') };
}

describe('a commit trailer', () => {
  test('is printed, read from the history, and holds while evidence grows', async ({ repo, cli, record }) => {
    const { stdout, exitCode } = await cli('evidence', 'anchor', SPEC);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^Evidence-Head: SPEC-A-1@2:[0-9a-f]{64}\n$/),
    ]);
    repo.commit(`evidence\n\n${stdout}`);
    record();
    repo.commit('later, without a trailer');
    const report = await cli('verify', SPEC);
    expect(report.exitCode).toBe(0);
    expect(report.stdout).toMatch(
      /^Anchor SPEC-A-1@2 was used \(trailer of commit [0-9a-f]{12}\): the ledger still/,
    );
  });

  test('shows a rollback, a rewrite and a deleted ledger with exit 3', async ({
    repo,
    cli,
    record,
    roll,
  }) => {
    record();
    repo.commit(`evidence\n\n${(await cli('evidence', 'anchor')).stdout}`);
    roll();
    const rolled = await cli('verify', SPEC);
    expect(rolled).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('ends at record 2: record 3'),
    });
    record();
    expect(await cli('verify')).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('was rewritten'),
    });
    rmSync(path.join(repo.root, DEFAULT_ROOT), { recursive: true });
    expect((await cli('verify')).exitCode).toBe(3);
  });

  test('is taken from the newest commit that has one; other words are no trailers', async ({
    repo,
    cli,
    record,
  }) => {
    repo.commit(`old\n\nEvidence-Head: ${SPEC}@9:${'a'.repeat(64)}`);
    record();
    repo.commit(`new\n\n${(await cli('evidence', 'anchor')).stdout}`);
    repo.commit(
      `Evidence-Head: nonsense\n\nEvidence-Head: ${SPEC}@8:${'b'.repeat(64)}\n\nNot the last paragraph.`,
    );
    expect((await cli('verify')).exitCode).toBe(0);
  });

  test("is looked for without running the repository's gpg", async ({ repo, cli, record }) => {
    record();
    repo.write('.git/gpg.sh', `#!/bin/sh\ntouch ${repo.root}/.git/canary\n`);
    execFileSync('chmod', ['+x', path.join(repo.root, '.git/gpg.sh')]);
    repo.commit('plain');
    const commit = repo.git('cat-file', 'commit', 'HEAD');
    repo.write(
      '.git/signed',
      commit.replace(
        '\n\n',
        '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n',
      ),
    );
    const signed = repo.git('hash-object', '-t', 'commit', '-w', '.git/signed').trim();
    repo.git('update-ref', 'HEAD', signed);
    repo.git('config', 'log.showSignature', 'true');
    repo.git('config', 'gpg.program', path.join(repo.root, '.git/gpg.sh'));
    await cli('verify');
    expect(existsSync(path.join(repo.root, '.git/canary'))).toBe(false);
    repo.git('log', '-1');
    expect(existsSync(path.join(repo.root, '.git/canary'))).toBe(true);
  });
});

describe('an anchor signed with Ed25519', () => {
  test('holds, and shows a rollback', async ({ repo, cli, record, roll }) => {
    ed25519(repo, 'mine');
    record();
    const { stdout } = await cli('evidence', 'anchor', '--sign', '.git/mine.pem');
    repo.write('.git/anchor.json', stdout);
    const verify = () => cli('verify', SPEC, '--signed', '.git/anchor.json', '--key', '.git/mine.pub');
    expect(await verify()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Anchor SPEC-A-1@3 was used \(signed by/),
    });
    roll();
    expect((await verify()).exitCode).toBe(3);
  });

  test('is not believed of a foreign key, over a swapped payload, or made for something else', async ({
    repo,
    cli,
    record,
  }) => {
    const { secret } = ed25519(repo, 'mine');
    ed25519(repo, 'foreign');
    record();
    const { stdout } = await cli('evidence', 'anchor', '--sign', '.git/mine.pem');
    const { heads, signatures } = openEnvelope(stdout);
    const verify = (envelope: string, key = 'mine') => {
      repo.write('.git/anchor.json', envelope);
      return cli('verify', SPEC, '--signed', '.git/anchor.json', '--key', `.git/${key}.pub`);
    };
    expect((await verify(stdout)).exitCode).toBe(0);
    expect(await verify(stdout, 'foreign')).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('is not signed by'),
    });
    const other = headsPayload(heads, '2020-01-01T00:00:00.000Z');
    const swapped = sealed(other, 'ed25519', signatures[0] ?? Buffer.alloc(0));
    expect((await verify(JSON.stringify(swapped))).exitCode).toBe(3);
    const elsewhere = sealed(other, 'ed25519', signEd25519(preAuthentication('text/plain', other), secret));
    expect((await verify(JSON.stringify(elsewhere))).exitCode).toBe(3);
    const right = sealed(
      other,
      'ed25519',
      signEd25519(preAuthentication(elsewhere.payloadType, other), secret),
    );
    expect((await verify(JSON.stringify(right))).exitCode).toBe(0);
  });

  test.for([
    ['without saying whose', ['--signed', '.git/mine.pub']],
    ['from a file that is none', ['--signed', '.git/mine.pub', '--key', '.git/mine.pub']],
  ] as const)('%s is a mistake of usage', async ([, args], { repo, cli, record }) => {
    ed25519(repo, 'mine');
    record();
    expect((await cli('verify', ...args)).exitCode).toBe(4);
    expect((await cli('evidence', 'anchor', '--sign', '.git/mine.pub')).exitCode).toBe(4);
  });
});

describe('an anchor signed with an SSH key', () => {
  const makeKey = (repo: Repository, name: string) =>
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-C',
      name,
      '-f',
      path.join(repo.root, '.git', name),
    ]);

  test('is believed of the allowed signer alone, in its own namespace, in its time', async ({
    repo,
    cli,
    record,
  }) => {
    makeKey(repo, 'mine');
    makeKey(repo, 'foreign');
    const pub = (name: string) => repo.read(`.git/${name}.pub`).split(' ').slice(0, 2).join(' ');
    record();
    const { stdout } = await cli('evidence', 'anchor', '--sign', '.git/mine');
    repo.write('.git/anchor.json', stdout);
    const verify = async (signers: string, signer = 'ana@example.com', file = '.git/anchor.json') => {
      repo.write('.git/signers', `${signers}\n`);
      return (
        await cli('verify', SPEC, '--signed', file, '--allowed-signers', '.git/signers', '--signer', signer)
      ).exitCode;
    };
    expect(await verify(`ana@example.com ${pub('mine')}`)).toBe(0);
    expect(await verify(`ana@example.com ${pub('foreign')}`)).toBe(3);
    expect(await verify(`ana@example.com ${pub('mine')}`, 'bob@example.com')).toBe(3);
    expect(await verify(`ana@example.com valid-before="20200101" ${pub('mine')}`)).toBe(3);
    const body = headsPayload(openEnvelope(stdout).heads, '2020-01-01T00:00:00.000Z');
    const { payloadType } = sealed(body, 'ssh', Buffer.from('x'));
    const signature = execFileSync(
      'ssh-keygen',
      ['-Y', 'sign', '-q', '-f', path.join(repo.root, '.git/mine'), '-n', 'git'],
      {
        input: preAuthentication(payloadType, body),
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    repo.write('.git/wrong.json', JSON.stringify(sealed(body, 'ssh', signature)));
    expect(await verify(`ana@example.com ${pub('mine')}`, 'ana@example.com', '.git/wrong.json')).toBe(3);
  });
});
