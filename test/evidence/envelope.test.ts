import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  headsPayload,
  openEnvelope,
  PAYLOAD_TYPE,
  preAuthentication,
  SSH_NAMESPACE,
  sealed,
  signEd25519,
  verifiesEd25519,
} from '../../src/evidence/envelope.js';

test('a signature is made over the bytes that DSSE prescribes', () => {
  expect(String(preAuthentication('http://example.com/HelloWorld', Buffer.from('hello world')))).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
});

test('what was sealed opens again, and its signature holds for those bytes and that key alone', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const own = String(publicKey.export({ type: 'spki', format: 'pem' }));
  const other = String(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
  const heads = [`SPEC-A-1@3:${'a'.repeat(64)}`];
  const body = headsPayload(heads, '2026-11-22T10:00:00.000Z');
  const signature = signEd25519(preAuthentication(PAYLOAD_TYPE, body), pem);
  const envelope = sealed(body, 'key', signature);
  const opened = openEnvelope(JSON.stringify(envelope));
  expect(opened.heads).toEqual(heads);
  expect(opened.signatures).toEqual([signature]);
  expect([own, other].map(key => verifiesEd25519(opened, key))).toEqual([true, false]);
  const moved = headsPayload([`SPEC-A-1@4:${'a'.repeat(64)}`], '2026-11-22T10:00:00.000Z');
  const forged = openEnvelope(JSON.stringify({ ...envelope, payload: moved.toString('base64') }));
  expect(verifiesEd25519(forged, own)).toBe(false);
});

test('the documentation names the namespace of SSH signatures, which other tools need', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/evidence.md'), 'utf8');
  expect(page).toContain(`\`${SSH_NAMESPACE}\``);
  expect(SSH_NAMESPACE).toMatch(/^evidence@/);
});

test.for([
  ['no JSON', 'nonsense'],
  [
    'another payload type',
    '{"payloadType":"text/plain","payload":"e30=","signatures":[{"keyid":"","sig":""}]}',
  ],
  [
    'a payload that is no base64',
    '{"payloadType":"application/vnd.spec-kit-mcp.evidence-heads+json","payload":"e30","signatures":[{"keyid":"","sig":""}]}',
  ],
  [
    'a payload without heads',
    '{"payloadType":"application/vnd.spec-kit-mcp.evidence-heads+json","payload":"e30=","signatures":[{"keyid":"","sig":""}]}',
  ],
  [
    'no signature',
    '{"payloadType":"application/vnd.spec-kit-mcp.evidence-heads+json","payload":"e30=","signatures":[]}',
  ],
] as const)('an envelope with %s is none', ([, text]) => {
  expect(() => openEnvelope(text)).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
