/** A secret shorter than this would hide half of every log; such values are not looked for. */
export const SHORTEST_SECRET = 8;

/**
 * The byte strings that give a secret away: as it is, in base64 and base64url (also from the middle of a longer
 * encoded text), URL-encoded, JSON-escaped, XML-escaped and in hex. A value of several lines counts line by line as well.
 */
export function needlesOf(secrets: readonly string[]): Buffer[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const value of [secret, ...secret.split(/\r?\n/)].map(part => part.trim())) {
      if (value.length < SHORTEST_SECRET) continue;
      for (const form of [...encodedForms(value), ...textForms(value)]) forms.add(form);
    }
  }
  return [...forms].map(form => Buffer.from(form, 'latin1'));
}

function encodedForms(value: string): string[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const base64 = [bytes.toString('base64'), ...[0, 1, 2].map(lead => base64Within(bytes, lead))];
  return [hex, hex.toUpperCase(), ...base64, ...base64.map(toBase64Url)];
}

/** The digits that stand for `bytes` alone when `lead` (mod 3) other bytes come before and any come after. */
function base64Within(bytes: Buffer, lead: number): string {
  const digits = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64');
  return digits.slice(Math.ceil((lead * 8) / 6), Math.floor(((lead + bytes.length) * 8) / 6));
}

function toBase64Url(digits: string): string {
  return digits.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function textForms(value: string): string[] {
  const text = Buffer.from(value).toString();
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const strictUrl = url.replace(/[!'()*]/g, percent);
  const urls = [
    url,
    strictUrl,
    strictUrl.replaceAll('%2F', '/'),
    new URLSearchParams({ '': text }).toString().slice(1),
  ];
  const lowerUrls = urls.map(form => form.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase()));
  const forms = [
    text,
    json,
    json.replaceAll('/', '\\/'),
    json.replace(/[^ -~]/g, unicode),
    ...urls,
    ...lowerUrls,
    ...markupForms(text),
  ];
  return forms.map(form => Buffer.from(form).toString('latin1'));
}

const AMP_LT = { '&': '&amp;', '<': '&lt;' } as const;
const WITH_GT = { ...AMP_LT, '>': '&gt;' } as const;
/** Which characters writers of XML and HTML escape, and how they write the quotes. */
const ESCAPES: readonly Readonly<Record<string, string>>[] = [
  AMP_LT,
  WITH_GT,
  { ...WITH_GT, '"': '&quot;' },
  ...['&apos;', '&#39;', '&#039;', '&#x27;'].map(single => ({ ...WITH_GT, '"': '&quot;', "'": single })),
  { ...WITH_GT, '"': '&#34;', "'": '&#39;' },
];

function markupForms(text: string): string[] {
  if (!/[&<>"']/.test(text)) return [];
  return ESCAPES.map(escapes => text.replace(/[&<>"']/g, character => escapes[character] ?? character));
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function unicode(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
