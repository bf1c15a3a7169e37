import type { HttpFailure } from '../workspace/http.js';
import { systemCode } from './failure.js';

type Named = readonly [cause: HttpFailure['cause'], reason: string];

const named: Readonly<Record<string, Named>> = {
  ENOTFOUND: ['dns', 'has a host name that does not resolve'],
  EAI_AGAIN: ['dns', 'has a host name that could not be resolved now'],
  EAI_FAIL: ['dns', 'has a host name that could not be resolved'],
  ENODATA: ['dns', 'has a host name without an address'],
  ECONNREFUSED: ['refused', 'refused the connection; nothing listens there'],
  ECONNRESET: ['connection', 'reset the connection'],
  EPIPE: ['connection', 'closed the connection while the request was sent'],
  EHOSTUNREACH: ['connection', 'is a host that cannot be reached'],
  ENETUNREACH: ['connection', 'is in a network that cannot be reached'],
  EADDRNOTAVAIL: ['connection', 'has an address that cannot be connected to from here'],
  ETIMEDOUT: ['timeout', 'did not accept the connection in time'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'did not accept the connection in time'],
  UND_ERR_SOCKET: ['connection', 'closed the connection before the answer was complete'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [
    'connection',
    'sent a body that is not as long as its content-length',
  ],
  UND_ERR_HEADERS_OVERFLOW: ['connection', 'sent headers of more than 16 KiB'],
  UND_ERR_INVALID_ARG: ['connection', 'was not asked: the request is not one that HTTP can carry'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls', 'has a self-signed certificate'],
  SELF_SIGNED_CERT_IN_CHAIN: ['tls', 'has a certificate whose chain ends in a self-signed one'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls', 'has a certificate that cannot be verified'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls', 'has a certificate of an unknown issuer'],
  CERT_HAS_EXPIRED: ['tls', 'has a certificate that has expired'],
  CERT_NOT_YET_VALID: ['tls', 'has a certificate that is not valid yet'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', 'has a certificate for another host'],
  EPROTO: ['tls', 'does not speak TLS, or no version that is safe'],
};

/** A transport error in our words: no message of a library, which may quote what was sent. */
export function httpFailure(error: unknown): HttpFailure {
  const code = codeOf(error);
  const [cause, reason] = named[code] ?? unnamed(code);
  return { cause, reason: code === '' ? reason : `${reason} (${code})` };
}

function unnamed(code: string): Named {
  if (/^(CERT|ERR_TLS|ERR_SSL|UNABLE_TO|HOSTNAME)_/.test(code)) return ['tls', 'failed the TLS handshake'];
  if (code.startsWith('HPE_')) return ['connection', 'sent an answer that is not valid HTTP'];
  if (/^(EAI_|ENO(?:NAME|SERVER))/.test(code)) return ['dns', 'has a host name that could not be resolved'];
  return ['connection', 'broke the connection'];
}

/** Anything else, such as a TypeError, is a mistake of ours and no answer of a server. */
export function isTransportError(error: unknown): boolean {
  return /^(?:E(?!RR_)[A-Z0-9]|UND_ERR_|HPE_|CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|HOSTNAME_|[A-Z_]*SELF_SIGNED_CERT)/.test(
    codeOf(error),
  );
}

/** Of several connection attempts, the last one's. The parser has no code for what is not HTTP at all. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1));
  const code = systemCode(error);
  return code === '' && error instanceof Error && error.name === 'HTTPParserError' ? 'HPE_INVALID' : code;
}
