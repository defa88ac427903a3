import { FAILURE_REASONS, findFailureReason } from './failure-reasons.ts';
import { FREERDP_CODES, FREERDP_EXITS, findFreeRdp, findFreeRdpExit } from './freerdp-codes.ts';
import { findGuacamole, GUACAMOLE_CODES } from './guacamole-codes.ts';
import { findKerberosError, KERBEROS_ERRORS } from './kerberos-errors.ts';
import { findMstscExtended, findMstscReason, MSTSC_EXTENDED, MSTSC_REASONS } from './mstsc-codes.ts';
import { findNegotiationFailure, NEGOTIATION_FAILURES } from './negotiation-failures.ts';
import { findNtStatus, NTSTATUS } from './ntstatus.ts';
import { type CodeKind, type Reading, readCode } from './reading.ts';
import type { CodeRow } from './row.ts';
import { findSecurityStatus, SECURITY_STATUS } from './security-status.ts';
import { findTlsAlert, TLS_ALERTS } from './tls-alerts.ts';
import { findWin32Error, WIN32_ERRORS } from './win32-errors.ts';

interface CodeTable {
  readonly rows: readonly CodeRow[];
  readonly find: (code: number) => CodeRow | undefined;
}

/** Every table whose rows are found by number. */
export const CODE_TABLES: Readonly<Record<CodeKind, CodeTable>> = {
  ntstatus: { rows: NTSTATUS, find: findNtStatus },
  'security-status': { rows: SECURITY_STATUS, find: findSecurityStatus },
  win32: { rows: WIN32_ERRORS, find: findWin32Error },
  kerberos: { rows: KERBEROS_ERRORS, find: findKerberosError },
  'tls-alert': { rows: TLS_ALERTS, find: findTlsAlert },
  'negotiation-failure': { rows: NEGOTIATION_FAILURES, find: findNegotiationFailure },
  mstsc: { rows: MSTSC_REASONS, find: findMstscReason },
  'mstsc-extended': { rows: MSTSC_EXTENDED, find: findMstscExtended },
  freerdp: { rows: FREERDP_CODES, find: findFreeRdp },
  'freerdp-exit': { rows: FREERDP_EXITS, find: findFreeRdpExit },
  guacamole: { rows: GUACAMOLE_CODES, find: findGuacamole },
  'failure-reason': { rows: FAILURE_REASONS, find: findFailureReason },
};

const KINDS = Object.keys(CODE_TABLES) as readonly CodeKind[]; // its keys are the kinds, by its type

/** Longer words are no symbolic names. */
const MAX_NAME = 64;

let names: ReadonlyMap<string, readonly Reading[]> | undefined;

/** Readings by symbolic name, in lower case. Made when first asked for: a code alone needs none of it. */
function byName(): ReadonlyMap<string, readonly Reading[]> {
  if (names === undefined) {
    const made = new Map<string, readonly Reading[]>();
    for (const kind of KINDS) {
      for (const row of CODE_TABLES[kind].rows) {
        for (const name of [row.name, ...(row.aliases ?? [])]) {
          const key = name.toLowerCase();
          made.set(key, [...(made.get(key) ?? []), readCode(kind, row)]);
        }
      }
    }
    names = made;
  }
  return names;
}

/** A name that says by its form what it is, so that an unknown one is worth telling. */
const CODE_NAME =
  /^(?:STATUS|SEC_E|NTE|CRYPT_E|CERT_E|ERRCONNECT|ERRINFO|KDC_ERR|KRB_AP_ERR|ERROR|WSAE)_[A-Z0-9_]{3,}$/;
const SUCCESS = /_SUCCESS$|_NONE$/;

/** What symbolic names in a text mean, and those that look like one and are not known. */
export function findNames(text: string): {
  readonly readings: readonly Reading[];
  readonly unknown: readonly string[];
} {
  const readings: Reading[] = [];
  const unknown = new Set<string>();
  const seen = new Set<string>();
  // TLS alerts have everyday names (access_denied, internal_error): they count where TLS is spoken of.
  const aboutTls = /tls|ssl|alert|handshake/i.test(text);
  for (const [token] of text.matchAll(/[A-Za-z][A-Za-z0-9_]{5,}/g)) {
    // One word of prose must not become a name: a name has an underscore, unless it is all there is.
    if (token.length > MAX_NAME || !(token.includes('_') || token === text || /[a-z][A-Z]/.test(token))) {
      continue;
    }
    if (seen.has(token)) continue;
    seen.add(token);
    const known = lookUp(token).filter(
      (reading) => reading.kind !== 'tls-alert' || aboutTls || token === text,
    );
    readings.push(...known);
    if (known.length === 0 && CODE_NAME.test(token) && !SUCCESS.test(token)) unknown.add(token);
  }
  return { readings, unknown: [...unknown] };
}

/** Samba writes NT_STATUS_…, MIT Kerberos KRB5KDC_ERR_… and KRB5KRB_AP_ERR_…. */
function lookUp(token: string): readonly Reading[] {
  const key = token.toLowerCase();
  return byName().get(key) ?? byName().get(key.replace(/^nt_(?=status_)|^krb5(?=kdc_|krb_)/, '')) ?? [];
}

/** Symbolic names that are near to the first name-like word of `text`, at most `limit`, nearest first. */
export function similarNames(text: string, limit: number): readonly string[] {
  const word = /[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+/
    .exec(text.slice(0, 2 * MAX_NAME))?.[0]
    .slice(0, MAX_NAME)
    .toLowerCase();
  if (word === undefined) {
    return [];
  }
  return [...byName()]
    .map(([key, [first]]) => ({
      name: first?.name ?? key,
      // A missing prefix (LOGON_FAILURE) is a nearer miss than any typing error.
      distance: key.endsWith(`_${word}`) ? 0 : editDistance(word, key),
    }))
    .filter(({ distance }) => distance <= Math.max(2, word.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name)
    .filter((name, index, all) => all.indexOf(name) === index)
    .slice(0, limit);
}

/** Levenshtein's distance; both words are short (MAX_NAME). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
