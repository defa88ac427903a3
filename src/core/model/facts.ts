import type { Reading } from './observation.ts';
import type { Certificate, TlsVersion } from './tls.ts';
import { WINDOWS_FACTS, type WindowsFacts } from './windows-facts.ts';

export { type Certificate, TLS_VERSIONS, type TlsVersion } from './tls.ts';

/** One address of the target and what became of a TCP connection to it. */
export interface TcpConnect {
  readonly state: 'open' | 'refused' | 'timeout' | 'unreachable';
  readonly millis: number;
  /** The name that was looked up, and that TLS was told; left out when HOST was an address. */
  readonly name?: string;
  /** With `unreachable`: what this machine lacks to reach it, where it sent nothing. */
  readonly detail?: string;
  /** The address that the rest of the diagnosis talked to (or the first one tried). */
  readonly address: string;
  /** Every address of the target; one entry when HOST was an address. */
  readonly addresses: readonly {
    readonly address: string;
    readonly state: 'open' | 'refused' | 'timeout' | 'unreachable';
    readonly millis: number;
    /** With `unreachable`: what this machine lacks to reach it, where it sent nothing. */
    readonly detail?: string;
  }[];
}

/**
 * What the listener answered to one set of requested protocols.
 * `silent` and `foreign` widen the contract's four answers: a server that keeps the connection
 * open and says nothing, and one that speaks another protocol, are neither closed nor negative.
 */
export interface NegotiationRow {
  /** requestedProtocols, a bit mask: 0 RDP, 1 SSL, 2 HYBRID, 4 RDSTLS, 8 HYBRID_EX, 0x10 RDSAAD. */
  readonly requested: number;
  readonly answer: 'selected' | 'failure' | 'no-negotiation' | 'closed' | 'silent' | 'foreign';
  /** selectedProtocol of RDP_NEG_RSP: 0 RDP, 1 SSL, 2 HYBRID, 4 RDSTLS, 8 HYBRID_EX, 0x10 RDSAAD. */
  readonly selected?: number;
  /** failureCode of RDP_NEG_FAILURE. */
  readonly failureCode?: number;
  /** flags of RDP_NEG_RSP. */
  readonly flags?: number;
  /** With `foreign`: what answers there, in words. With `closed`: how, where the server said goodbye. */
  readonly detail?: string;
  /** With `closed`: by FIN or by RST. Left out where the server said goodbye in words. */
  readonly how?: Ending;
}

/** How a connection ended: with FIN, or cut off with RST. */
export type Ending = 'end' | 'reset';

export type Willingness = 'required' | 'offered' | 'refused';

export interface StandardEncryption {
  /** encryptionLevel of TS_UD_SC_SEC1: 0 none, 1 low, 2 client compatible, 3 high, 4 FIPS. */
  readonly level: number;
  /** encryptionMethod of TS_UD_SC_SEC1, chosen by the server from all methods: 1 40-bit, 2 128-bit, 8 56-bit, 16 FIPS; 0 none. */
  readonly methods: number;
  /** With `--full`: what the server chose when it was offered one method alone. */
  readonly perMethod?: readonly {
    readonly offered: number;
    readonly answer: 'accepted' | 'refused' | 'timeout';
    readonly method?: number;
    readonly level?: number;
  }[];
}

/** `foreign`: what came in the place of TLS was not TLS. */
export type TlsVersionAnswer = 'accepted' | 'refused' | 'closed' | 'timeout' | 'foreign';

/** Each version tried on its own. `closed` and `timeout` are not negative facts: they were tried again alone first. */
export interface TlsVersions extends Readonly<Record<TlsVersion, TlsVersionAnswer>> {
  /** The alert's number where the server sent one; INVARIANT: only with `refused`. */
  readonly alerts: Readonly<Partial<Record<TlsVersion, number>>>;
  /**
   * The suite the server chose (IANA name): for TLS 1.2 from those that every supported client offers,
   * and where that was refused, as for the other versions, from all suites.
   */
  readonly suites: Readonly<Partial<Record<TlsVersion, string>>>;
  /** The named group of the key exchange, where the server named one. */
  readonly groups?: Readonly<Partial<Record<TlsVersion, string>>>;
  /** The algorithm with which the server signed the key exchange; visible in TLS 1.2 with ECDHE alone. */
  readonly signatures?: Readonly<Partial<Record<TlsVersion, string>>>;
  /** With `closed`: how the connection ended. */
  readonly how?: Readonly<Partial<Record<TlsVersion, Ending>>>;
  /** With `foreign`: what speaks there, in words. */
  readonly foreign?: string;
}

/** Whether the server wants a certificate of the client, which no Remote Desktop client has to show. */
export interface ClientCertificateDemand {
  /**
   * `required`: it asked, and refused to go on without. `requested`: it asked, and went on or only hung up.
   * `none`: it did not ask, as far as its flight was readable.
   */
  readonly demand: 'required' | 'requested' | 'none';
  /** The alert with which it refused to go on. */
  readonly alert?: number;
  /** It asked, got none, and ended the connection without a word. */
  readonly hungUp?: boolean;
}

/** The same hello with and without a server name (RFC 6066 section 3), asked where no hello was accepted. */
export interface TlsServerName {
  /** The name that the hellos of `tls.versions` carried. */
  readonly name: string;
  /** The answer to a hello without it. */
  readonly withoutName: TlsVersionAnswer;
  /** The alert that refused the hello without it. */
  readonly alert?: number;
}

/** TLS from the first byte, tried where nothing answered a connection request. */
export interface DirectTls {
  /** `secured`: the handshake came up. `alert`: it was refused in TLS's own words. The others: no TLS was spoken. */
  readonly answer: 'secured' | 'alert' | 'foreign' | 'closed' | 'silent';
  readonly version?: string;
  readonly alert?: number;
  /** Subject of its certificate. */
  readonly subject?: string;
  /** What answered a connection request inside that TLS: `rdp`, another protocol in words, or nothing. */
  readonly inside?: 'rdp' | 'nothing' | { readonly foreign: string };
}

export interface TlsCipher {
  /** IANA name, `0x1234` for one we do not know. */
  readonly name: string;
  readonly id: number;
  readonly strength: 'strong' | 'acceptable' | 'weak' | 'broken';
  /** Whether a Windows in FIPS 140 mode allows it. */
  readonly fips: boolean;
}

/** With `--full`: accepted suites per version, in the order in which the server chose them. */
export type TlsCiphers = Readonly<Partial<Record<'SSLv3' | TlsVersion, readonly TlsCipher[]>>>;

/** With `--full`: what else the ServerHello and the handshake tell. */
export interface TlsFeatures {
  readonly sslv3: TlsVersionAnswer;
  readonly fallbackScsv: 'honoured' | 'ignored' | 'unknown';
  readonly secureRenegotiation: boolean;
  readonly compression: boolean;
  /** The heartbeat extension was answered. Heartbleed itself is not probed: that would be an attack. */
  readonly heartbeat: boolean;
  /** Named groups accepted for the key exchange, in the server's order. */
  readonly groups: readonly string[];
}

/** With `--client`: what the listener answered to the ClientHello that such a client would send. */
export interface TlsAsClient {
  readonly client: string;
  readonly answer: TlsVersionAnswer;
  readonly version?: string;
  readonly suite?: string;
  readonly alert?: number;
}

/** Without `--client`: the same for a client that is supported. */
export interface TlsAsClientRow extends TlsAsClient {
  /**
   * `own`: the hello that this client would send. `common`: one of TLS 1.2 with no suite, group or
   * signature algorithm but those that each of them offers; who accepts it accepts theirs.
   */
  readonly hello: 'own' | 'common';
}

/** Target names and clock from the NTLM CHALLENGE. A pair that the server leaves out is left out here. */
export interface NtlmChallengeFact {
  readonly netbiosComputer?: string;
  readonly netbiosDomain?: string;
  readonly dnsComputer?: string;
  readonly dnsDomain?: string;
  readonly dnsForest?: string;
  /** major.minor.build */
  readonly osBuild?: string;
  /** ISO 8601, UTC. */
  readonly timestamp?: string;
}

/** The server refused before it sent a CHALLENGE. */
export interface NtlmRefusal {
  /** errorCode of the TSRequest, NTSTATUS or SECURITY_STATUS, unsigned; left out when SPNEGO rejected NTLM. */
  readonly status?: number;
  readonly name: string;
}

export interface NlaLogon {
  /** NTSTATUS or SECURITY_STATUS, unsigned; 0 when the server accepted the credential. */
  readonly status: number;
  /** Its symbolic name. */
  readonly name: string;
}

/** What can be seen of a listener from the network. */
export interface OutsideFacts {
  readonly 'tcp.connect': TcpConnect;
  readonly 'rdp.negotiation': readonly NegotiationRow[];
  readonly 'rdp.nla': Willingness;
  readonly 'rdp.tls': Willingness;
  readonly 'rdp.standard': 'accepted' | 'refused';
  readonly 'rdp.encryption': StandardEncryption;
  readonly 'tls.versions': TlsVersions;
  readonly 'tls.ciphers': TlsCiphers;
  readonly 'tls.features': TlsFeatures;
  readonly 'tls.asClient': TlsAsClient;
  readonly 'tls.asClients': readonly TlsAsClientRow[];
  readonly 'tls.certificate': Certificate;
  readonly 'tls.clientCertificate': ClientCertificateDemand;
  readonly 'tls.serverName': TlsServerName;
  readonly 'tls.direct': DirectTls;
  readonly 'credssp.version': number;
  readonly 'ntlm.challenge': NtlmChallengeFact;
  readonly 'ntlm.refusal': NtlmRefusal;
  readonly 'clock.skewSeconds': number;
  readonly 'nla.logon': NlaLogon;
}

/** The facts by name. Names are fixed: scripts rely on them. */
export interface Facts extends OutsideFacts, WindowsFacts {}

export type FactName = keyof Facts;

/** What was observed. A fact that is not here was not gathered. */
export type Evidence = { readonly [F in FactName]?: Reading<Facts[F]> };

/** Every fact with the sentence that `list facts` shows. */
export const FACTS: { readonly [F in FactName]: string } = {
  'tcp.connect': 'whether a TCP connection opens, for every address of the target',
  'rdp.negotiation': 'what the listener answers to each set of requested protocols',
  'rdp.nla': 'whether Network Level Authentication is required, offered or refused',
  'rdp.tls': 'whether TLS is required, offered or refused',
  'rdp.standard': 'whether standard RDP security is accepted',
  'rdp.encryption': 'the encryption level and methods of standard RDP security',
  'tls.versions': 'each TLS version tried on its own, with the alert that refused it',
  'tls.ciphers': 'the cipher suites accepted in each version (--full)',
  'tls.features': 'SSLv3, fallback protection, renegotiation, compression, groups (--full)',
  'tls.asClient': "the listener's answer to the hello of the client named (--client)",
  'tls.asClients': "the listener's answer to the hello of every supported client (without --client)",
  'tls.certificate': 'the certificate that the listener presents',
  'tls.clientCertificate': 'whether the listener asks the client for a certificate',
  'tls.serverName': 'if the listener refuses a hello with its name: whether it accepts one without',
  'tls.direct': 'if nothing answers a connection request: whether the port speaks TLS from the first byte',
  'credssp.version': 'the CredSSP version that the server speaks',
  'ntlm.challenge': 'the names, Windows build and clock that the server states',
  'ntlm.refusal': 'whether the server refused NTLM before any credential was sent',
  'clock.skewSeconds': "the target's clock minus the clock here, in seconds",
  'nla.logon': 'the status of the one sign-in attempt (--user)',
  ...WINDOWS_FACTS,
};

export const FACT_NAMES = Object.keys(FACTS) as readonly FactName[];

/** What a Windows machine says of itself, from its disk or while it runs. */
export const WINDOWS_FACT_NAMES = Object.keys(WINDOWS_FACTS) as readonly FactName[];

/** What a listener shows to the network. */
export const OUTSIDE_FACT_NAMES = FACT_NAMES.filter((name) => !WINDOWS_FACT_NAMES.includes(name));
