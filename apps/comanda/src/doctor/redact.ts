/** Takes out of a text what must not leave the house. */
export type Redact = (text: string) => string;

/**
 * Redacts in two ways: what is known to be secret here, wherever it stands; and what looks like a secret, whoever wrote it.
 * @param known the secrets of this installation; very short ones are left out, which would stand in half the words
 */
export function redactor(known: Iterable<string>): Redact {
  const secrets = [...new Set(known)]
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
    // A secret may be a part of another: the longer one goes first.
    .sort((one, other) => other.length - one.length);
  return (text) => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret, GONE);
    for (const [looks, instead] of SUSPICIOUS) clean = clean.replaceAll(looks, instead);
    return clean;
  };
}

/** Every text in a value, its keys too; of a field that is called so, all of its text. */
export function redactAll(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((part) => redactAll(part, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      redact(key),
      SECRET_FIELD.test(key) && typeof part === 'string' ? GONE : redactAll(part, redact),
    ]),
  );
}

/** The values in an environment that may be secret, and what of them is: of a URL also its password alone. */
export function secretsIn(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment).flatMap(([name, value = '']) => {
    if (!SECRET_NAME.test(name)) return [];
    const password = URL.canParse(value) ? new URL(value).password : '';
    return password ? [value, password, decoded(password)] : /^https?:/.test(value) ? [] : [value];
  });
}

/** As it was before it was put into a URL; as it is, where that was not done as it should be. */
function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

const GONE = '[redacted]';
const SHORTEST = 6;

const SECRET_NAME = /SECRET|PASSW|TOKEN|KEY|CREDENTIAL|AUTH|COOKIE|PRIVATE|DSN|_URL$/i;

const SECRET_FIELD = /(?:pass(?:word|wd)?|secret|token|api[_-]?key|authorization|cookie)$/i;

const SUSPICIOUS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----/g, GONE],
  // A log-in in a URL, whatever of it is the secret.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${GONE}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${GONE}`],
  [/\bcmd_(live|test)_[0-9a-f_]+/g, GONE],
  [/\b(?:sk|rk|pk|whsec)_[\w+/=-]{8,}/g, GONE],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, GONE],
  [
    /\b((?:pass(?:word|wd)?|secret|token|api[_-]?key|authorization|cookie)["']?\s*[:=]\s*)"(?:[^"\\]|\\.)*"/gi,
    `$1"${GONE}"`,
  ],
  [
    /\b((?:pass(?:word|wd)?|secret|token|api[_-]?key|authorization|cookie)["']?\s*[:=]\s*["']?)[^\s"',;}&]+/gi,
    `$1${GONE}`,
  ],
  // A guest's address; a number as long as a card's or a phone's.
  [/\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g, GONE],
  [/(?<![\w-])\+?\d(?:[ -]?\d){9,18}(?![\w-])/g, GONE],
];
