/** A firewall rule as the registry holds it: [MS-GPFAS] 2.2.2.19 Firewall Rule and the Firewall Rule Grammar Rule. */
export interface FirewallRuleText {
  readonly name?: string;
  readonly active: boolean;
  readonly inbound: boolean;
  readonly action: 'allow' | 'block';
  /** IP protocol number; absent means any. */
  readonly protocol?: number;
  readonly localPorts: readonly string[];
  readonly remoteAddresses: readonly string[];
  readonly profiles: readonly ('domain' | 'private' | 'public')[];
  readonly program?: string;
  readonly service?: string;
  /** It is for some traffic only that a client of a listener's choice is not: see `NARROWING`. */
  readonly narrowed: boolean;
}

/** [MS-FASP] 2.2.37 FW_RULE, wIpProtocol. A protocol that is no number (NaN) is none that a listener has. */
const ANY_PROTOCOL = 256;

/**
 * Fields of rules that Windows brings along by the dozen: an app package from the Store, the owner of
 * the receiving process, a trust tuple (Wi-Fi Direct, UPnP), the sender's port.
 */
const NARROWING = /^(?:apppkgid|luauth|ttk|rport)/;

/** Longer than any real rule; what is longer is cut off. */
const LONGEST_RULE = 65_536;

/** `v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|…|` → its parts; `undefined` when it is no rule. */
export function parseFirewallRule(text: string): FirewallRuleText | undefined {
  const [version = '', ...parts] = text.slice(0, LONGEST_RULE).split('|');
  if (!/^v\d+\.\d+$/.test(version)) return undefined;
  const fields = parts.flatMap((part) => {
    const at = part.indexOf('=');
    return at === -1 ? [] : [[part.slice(0, at).toLowerCase(), part.slice(at + 1)] as const];
  });
  const all = (...names: readonly string[]): readonly string[] =>
    fields.flatMap(([name, value]) => (names.includes(name) ? [value] : []));
  const [name] = all('name');
  const [program] = all('app');
  const [service] = all('svc');
  const protocol = Number(all('protocol')[0] ?? ANY_PROTOCOL);
  const named = all('profile').map((profile) => profile.toLowerCase());
  const profiles = (['domain', 'private', 'public'] as const).filter(
    (profile) => named.length === 0 || named.includes(profile),
  );
  return {
    active: all('active')[0]?.toUpperCase() === 'TRUE',
    inbound: all('dir')[0]?.toUpperCase() === 'IN',
    action: all('action')[0]?.toLowerCase() === 'block' ? 'block' : 'allow',
    // Later versions of the grammar write ranges and keywords into fields of their own: LPort2_10, LPort2_20.
    localPorts: fields.flatMap(([name, value]) => (/^lport(?:\d+_\d+)?$/.test(name) ? [value] : [])),
    remoteAddresses: fields.flatMap(([name, value]) => (/^ra[46]\d?$/.test(name) ? [value] : [])),
    profiles,
    narrowed: fields.some(([name]) => NARROWING.test(name)),
    ...(name === undefined ? {} : { name }),
    ...(program === undefined ? {} : { program }),
    ...(service === undefined ? {} : { service }),
    ...(protocol === ANY_PROTOCOL ? {} : { protocol }),
  };
}
