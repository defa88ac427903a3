/** What a lab plays, as readonly plain data. `healthyLab` is a hardened server that lets its users in, and every fault is a change to it. */

export type LabTlsVersion = '1.0' | '1.1' | '1.2' | '1.3';

/** Where a connection can be made to die, in the order in which it passes these places. */
export type DeathStage =
  /** TCP is open, nothing was read. */
  | 'accept'
  /** The Connection Request was read, nothing was answered. */
  | 'after-request'
  /** The Connection Confirm was sent. */
  | 'after-confirm'
  /** The ClientHello has arrived. */
  | 'in-tls'
  /** The handshake is done. */
  | 'after-tls'
  /** The first TSRequest was read, no challenge was sent. */
  | 'after-negotiate';

/** How a connection dies: with FIN, with RST, or open and without another word. */
export type Death = 'end' | 'reset' | 'silence';

/** MinEncryptionLevel of standard RDP security; `none` is what only servers other than Windows have. */
export type EncryptionLevelName = 'none' | 'low' | 'client' | 'high' | 'fips';

export interface LabCertificate {
  /** Common name, of subject and issuer. */
  readonly subject: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Names that the NTLM CHALLENGE states; one that is left out is not stated. */
export interface LabNames {
  readonly nbComputerName?: string;
  readonly nbDomainName?: string;
  readonly dnsComputerName?: string;
  readonly dnsDomainName?: string;
  readonly dnsTreeName?: string;
}

export interface LabUser {
  readonly name: string;
  readonly password: string;
}

export interface LabCredssp {
  /** CredSSP version that the server states, 2 to 6. */
  readonly version: number;
  readonly names: LabNames;
  /** Windows as the server states it: `10.0.20348`. */
  readonly osBuild: string;
  /** What the server's clock is ahead of the clock here; negative when it is behind. */
  readonly clockOffsetSeconds: number;
  /** Status to refuse NTLM with, in answer to its first message. */
  readonly refuse?: number;
  /** Status to answer every credential with; without it credentials are verified against `users`. */
  readonly logonStatus?: number;
  readonly users: readonly LabUser[];
  /** Early user authorization: what a verified user is told on HYBRID_EX. */
  readonly authorized: boolean;
}

export interface LabConfig {
  /** SecurityLayer of the listener: 0, 1 and 2. */
  readonly securityLayer: 'rdp' | 'negotiate' | 'tls';
  /** UserAuthentication: Network Level Authentication is required. */
  readonly nla: boolean;
  /** Whether the server knows HYBRID_EX. */
  readonly earlyUserAuth: boolean;
  /** flags of RDP_NEG_RSP. */
  readonly negotiationFlags: number;
  /** failureCode to answer every negotiation with, 1 to 6. */
  readonly negotiationFailure?: number;
  /** Take this protocol where it is asked for alone, and refuse everything else: RDSTLS or RDSAAD. */
  readonly only?: 'rdstls' | 'rdsaad';
  /** Answer with the confirm of 11 bytes of a server that knows no negotiation. */
  readonly plainConfirm: boolean;
  /** Versions that are really served; with none of them every hello is refused as `tlsRefusal` says. */
  readonly tlsVersions: readonly LabTlsVersion[];
  /** Without any version: alert 70, or the closed connection of a Schannel that has no server credential. */
  readonly tlsRefusal: 'alert' | 'close';
  /** Answer every hello with this alert, whatever versions there are. */
  readonly tlsAlert?: number;
  /** OpenSSL cipher string; suites of TLS 1.3 are among it by their names. Left out: everything this OpenSSL has. */
  readonly tlsCiphers?: string;
  readonly encryption: EncryptionLevelName;
  readonly certificate: LabCertificate | 'missing';
  readonly credssp: LabCredssp;
  readonly deadAt?: { readonly stage: DeathStage; readonly by: Death };
  /** The connection dies when it has sent so many bytes; with 0, instead of sending its first. */
  readonly deadAfterBytes?: { readonly count: number; readonly by: Death };
  /** Milliseconds after each single byte that is sent. */
  readonly drip?: number;
  /** How long one connection may last, in milliseconds. */
  readonly connectionMillis: number;
}

/** A change to `healthyLab`; of `credssp` only what is named is changed. */
export type LabChange = Partial<Omit<LabConfig, 'credssp'>> & { readonly credssp?: Partial<LabCredssp> };

const DAY = 86_400_000;

/** A hardened server that lets its users in: NLA required, TLS 1.2 and 1.3, a certificate of the six months that Windows gives its own. */
function healthyLab(now: number): LabConfig {
  return {
    securityLayer: 'tls',
    nla: true,
    earlyUserAuth: true,
    negotiationFlags: 0x1f,
    plainConfirm: false,
    tlsVersions: ['1.2', '1.3'],
    tlsRefusal: 'alert',
    encryption: 'high',
    certificate: { subject: 'lab.corp.example', notBefore: now - 30 * DAY, notAfter: now + 150 * DAY },
    credssp: {
      version: 6,
      names: {
        nbDomainName: 'CORP',
        nbComputerName: 'LAB',
        dnsDomainName: 'corp.example',
        dnsComputerName: 'lab.corp.example',
        dnsTreeName: 'corp.example',
      },
      osBuild: '10.0.20348',
      clockOffsetSeconds: 0,
      users: [{ name: 'alice', password: 'Passw0rd!' }],
      authorized: true,
    },
    connectionMillis: 30_000,
  };
}

/** `healthyLab` with these changes. */
export function labConfig(change: LabChange, now: number): LabConfig {
  const healthy = healthyLab(now);
  const { credssp, ...rest } = change;
  return { ...healthy, ...rest, credssp: { ...healthy.credssp, ...credssp } };
}
