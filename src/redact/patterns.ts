import type { Span } from './needle-search.js';

/** No match, with what a pattern looks at around it, covers more bytes than this. */
export const PATTERN_REACH = 17 * 1024;

/**
 * What looks like a secret although nobody told us its value. Each quantifier is bounded and each pattern starts at a
 * literal or at the start of a token, so that the time is linear in the text. Group 1, when there is one, is the part
 * to hide, and ends where the match ends.
 */
const patterns: readonly RegExp[] = [
  // A private key up to its end line; without one, as far as the lines look like a key.
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:[^-]|-(?!----)){0,16384}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:[A-Za-z0-9+/=]|\s|\\[rn]){0,16384})/g,
  // JSON Web Tokens: two dots, the first part begins with the base64 of `{"`.
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{0,2048}/g,
  // Tokens that their issuers marked with a prefix; all in lower case it is a name, as in npm_config_user_agent.
  /(?<![A-Za-z0-9])(?:gh[opsur]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent)-|npm_|hf_|[rs]k_(?:live|test)_|whsec_|dckr_[po]at_|lin_(?:api|oauth)_|shp(?:at|ca|pa|ss)_|pypi-|do[opr]_v1_|hv[bs]\.|gl(?:sa|c)_|figd_|ntn_|rubygems_|sntry[su]_|sbp_|gsk_|r8_|pplx-|xai-|nvapi-|PMAK-|GOCSPX-|ya29\.|ATATT3)(?=[a-z_.-]{0,128}[0-9A-Z])[A-Za-z0-9_=.-]{16,2048}/g,
  /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,128}[0-9])[A-Za-z0-9_-]{16,1024}/g,
  /(?<![A-Za-z0-9])(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,1024}/g,
  /(?<![A-Za-z0-9])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g,
  /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/g,
  /(?<![A-Za-z0-9])(?:key-|SK|dapi|pul-)[0-9a-f]{32,40}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])ops_eyJ[A-Za-z0-9+/=_-]{64,4096}/g,
  /AGE-SECRET-KEY-1[0-9A-Z]{40,80}/g,
  /(?<![A-Za-z0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g,
  // Addresses whose path is the secret.
  /hooks\.slack\.com\/[a-z]{1,16}\/([A-Za-z0-9_/-]{8,256})/g,
  /discord(?:app)?\.com\/api\/webhooks\/([0-9]{6,24}\/[A-Za-z0-9_-]{16,256})/g,
  // Credentials in headers.
  /authorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:[a-z]{1,16}[ \t]{1,4})?([^\s"',]{6,8192})/gi,
  /(?<![a-z0-9])bearer[ \t]{1,4}([a-z0-9._~+/=-]{16,8192})/gi,
  // user:password@ in a URL.
  /:\/\/([^\s/?#@:"'<>]{0,256}:[^\s/?#@"'<>]{1,256})(?=@)/g,
  // A name that says what its value is. A plain word after the weaker names is code more often than a secret.
  /(?:pass(?:word|wd|phrase)|pwd)["']?[ \t]{0,4}[:=]{1,2}>?[ \t]{0,4}["']?([^\s"'`,;&<>(){}[\]]{6,1024})/gi,
  /(?:secret|token|credential|(?:api|access|private|secret|account|signing)[-_]?key)["']?[ \t]{0,4}[:=]{1,2}>?[ \t]{0,4}["']?(?=[a-z_.-]{0,256}[0-9+/=~])([^\s"'`,;&<>(){}[\]]{8,1024})/gi,
];

/** True for the name of a JSON member whose text is a secret by its name alone. */
export function namesSecret(name: string): boolean {
  return /(?:password|passwd|passphrase|secret|token|api[-_]?key|private[-_]?key|authorization)$/i.test(name);
}

export interface PatternSearch {
  /** `text` is a window of the input in latin1 that begins at `base`; calls come in order of their positions. */
  find(text: string, base: number, to: number): Span[];
}

/** Remembers per pattern how far it has read, so that windows cut anywhere give the matches of the whole. */
export function createPatternSearch(): PatternSearch {
  const resumeAt = patterns.map(() => 0);
  return {
    find: (text, base, to) =>
      patterns.flatMap((pattern, index) => {
        const spans: Span[] = [];
        let from = resumeAt[index] ?? 0;
        while (from < to) {
          pattern.lastIndex = from - base;
          const match = pattern.exec(text);
          if (match === null || base + match.index >= to) break;
          from = base + match.index + match[0].length;
          spans.push({ start: from - (match[1] ?? match[0]).length, end: from });
        }
        resumeAt[index] = Math.max(from, to);
        return spans;
      }),
  };
}
