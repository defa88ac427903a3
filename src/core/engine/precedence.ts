import type { Finding } from '../model/report.ts';

/**
 * What explains what: each of these causes, where it was found, stands before the states that follow
 * from it, however sure those are. A closed port is proven at once, and why it is closed is the news.
 * A row holds what the cause's own page says of its effect.
 */
export const EXPLAINS: Readonly<Record<string, readonly string[]>> = {
  // The dialog that switches Remote Desktop off switches its firewall rules off as well.
  // Its service starts on demand, and nobody demands it then.
  'rdp-disabled': ['port-unreachable', 'firewall-blocks', 'rdp-service-disabled'],
  'machine-not-ready': ['port-unreachable', 'rdp-service-disabled', 'netlogon-service-disabled'],
  'rdp-service-disabled': ['port-unreachable', 'listener-closes-connection', 'listener-silent'],
  'port-changed': ['port-unreachable', 'other-service-on-port'],
  'firewall-blocks': ['port-unreachable'],
  'connection-flood': ['listener-closes-connection', 'listener-silent'],
  'certificate-missing': ['listener-closes-connection', 'tls-handshake-refused'],
  'certificate-binding-orphaned': ['certificate-missing', 'tls-handshake-refused'],
  'certificate-key-unreadable': [
    'listener-closes-connection',
    'tls-handshake-refused',
    'certificate-missing',
  ],
  'tls-server-disabled': ['tls-no-common-version', 'tls-handshake-refused'],
  'fips-only': ['tls-no-common-suite', 'encryption-level-too-high'],
  'lsa-packages-damaged': ['ntlm-blocked'],
  'dns-misconfigured': ['domain-controller-unreachable'],
  'netlogon-service-disabled': ['domain-controller-unreachable', 'secure-channel-broken'],
  'computer-account-missing': ['secure-channel-broken'],
  // It is found only where its password is gone or far too old: then that is why the channel broke.
  'machine-password-mismatch': ['secure-channel-broken'],
  // What was said of the account that was named tells more of it than an attack on all of them.
  'account-locked': ['connection-flood'],
  'account-disabled': ['connection-flood'],
  'account-expired': ['connection-flood'],
  'account-restricted': ['connection-flood'],
  'credentials-wrong': ['connection-flood'],
  'password-expired': ['connection-flood'],
  'user-right-missing': ['connection-flood'],
};

/** Findings in their order, but for those that explain one before them: they come right before it. */
export function causesFirst<T extends { readonly finding: Finding }>(ranked: readonly T[]): readonly T[] {
  const ordered = [...ranked];
  // Each round moves one finding up, and a table without circles comes to rest.
  for (let round = 0; round < ordered.length ** 2; round += 1) {
    const late = ordered.findIndex((row, at) => placeBefore(row, ordered.slice(0, at)) !== -1);
    const row = ordered[late];
    if (row === undefined) return ordered;
    const place = placeBefore(row, ordered.slice(0, late));
    ordered.splice(late, 1);
    ordered.splice(place, 0, row);
  }
  return ordered;
}

/** The first of these that the cause explains; -1 where there is none. */
function placeBefore(
  { finding }: { readonly finding: Finding },
  before: readonly { readonly finding: Finding }[],
): number {
  const symptoms = EXPLAINS[finding.cause];
  if (symptoms === undefined || !isFound(finding)) return -1;
  return before.findIndex((other) => isFound(other.finding) && symptoms.includes(other.finding.cause));
}

function isFound({ verdict }: Finding): boolean {
  return verdict === 'confirmed' || verdict === 'likely';
}
