import { expect, test } from 'vitest';
import { openEnvelope, preAuthentication } from '../../src/evidence/envelope.js';

test('a signature is made over the bytes that DSSE prescribes', () => {
  expect(String(preAuthentication('http://example.com/HelloWorld', Buffer.from('hello world')))).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
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
