import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import nodePath from 'node:path';
import { SpecError } from '../errors.js';
import type { SshSignatures } from '../workspace/signatures.js';

const TIMEOUT_MS = 30_000;

/** Signatures of the person's own `ssh-keygen`; relative paths start at `folder`. `env` needs PATH. */
export function createSshSignatures(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): SshSignatures {
  return {
    async sign(keyFile, namespace, bytes) {
      const args = ['-Y', 'sign', '-q', '-f', nodePath.resolve(folder, keyFile), '-n', namespace];
      const { failed, stdout } = await keygen(args, env, bytes);
      if (!failed && stdout.startsWith('-----BEGIN SSH SIGNATURE-----')) return stdout;
      throw new SpecError(
        'INVALID_ARGUMENT',
        'ssh-keygen did not sign with that key: it may be missing, no private key, or locked by a passphrase. Name a key that needs none, or sign with an Ed25519 key in PEM.',
      );
    },
    async verifies(allowedSigners, signer, namespace, bytes, signature) {
      const temporary = await mkdtemp(nodePath.join(tmpdir(), 'spec-kit-signature-'));
      try {
        const file = nodePath.join(temporary, 'signature');
        await writeFile(file, signature, { mode: 0o600 });
        const allowed = nodePath.resolve(folder, allowedSigners);
        const args = ['-Y', 'verify', '-f', allowed, '-I', signer, '-n', namespace, '-s', file];
        return !(await keygen(args, env, bytes)).failed;
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    },
  };
}

async function keygen(
  args: readonly string[],
  { PATH, HOME }: Readonly<Record<string, string | undefined>>,
  input: Uint8Array,
) {
  const { execa } = await import('execa');
  const { failed, stdout, code } = await execa('ssh-keygen', args, {
    input,
    reject: false,
    timeout: TIMEOUT_MS,
    extendEnv: false,
    env: { PATH: PATH ?? '', HOME: HOME ?? '', SSH_ASKPASS_REQUIRE: 'never' },
    stderr: 'ignore',
  });
  if (code === 'ENOENT')
    throw new SpecError(
      'FILE_UNAVAILABLE',
      'There is no ssh-keygen on the PATH. Install OpenSSH 8.1 or newer.',
    );
  return { failed, stdout };
}
