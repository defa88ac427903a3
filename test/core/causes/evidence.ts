import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cause, JudgeContext, Judgement, NamedUser } from '../../../src/core/model/cause.ts';
import type { ClientProfile } from '../../../src/core/model/client.ts';
import {
  type Certificate,
  type Evidence,
  type FactName,
  type NegotiationRow,
  type TcpConnect,
  TLS_VERSIONS,
  type TlsCipher,
  type TlsVersion,
  type TlsVersionAnswer,
  type TlsVersions,
} from '../../../src/core/model/facts.ts';
import {
  absent,
  type Observation,
  type Provenance,
  present,
  type UnknownWhy,
  unknown,
} from '../../../src/core/model/observation.ts';

/** When every fact of these tests was seen. */
export const SEEN_AT = '2026-03-01T12:00:00.000Z';

const FROM: Provenance = {
  gatherer: 'test',
  channel: 'tcp',
  locator: 'tcp://192.0.2.4:3389',
  observedAt: SEEN_AT,
};

export function seen<T>(value: T, observedAt = SEEN_AT): Observation<T> {
  return present(value, { ...FROM, observedAt });
}

export function none<T>(): Observation<T> {
  return absent(FROM);
}

export function unseen<T>(why: UnknownWhy = 'timeout', detail?: string): Observation<T> {
  return unknown(why, detail);
}

// Rows of rdp.negotiation.

export function selected(requested: number, protocol: number): NegotiationRow {
  return { requested, answer: 'selected', selected: protocol, flags: 0 };
}

export function failed(requested: number, failureCode: number): NegotiationRow {
  return { requested, answer: 'failure', failureCode };
}

export function silence(requested: number, answer: 'closed' | 'silent'): NegotiationRow {
  return { requested, answer };
}

export function foreign(requested: number, detail: string): NegotiationRow {
  return { requested, answer: 'foreign', detail };
}

/** Every address with its state; the first one is the one that the diagnosis talked to. */
export function connect(...states: readonly [TcpConnect['state'], ...TcpConnect['state'][]]): TcpConnect {
  const addresses = states.map((state, at) => ({ address: `192.0.2.${at + 4}`, state, millis: 12 }));
  return { state: states[0], address: '192.0.2.4', millis: 12, addresses };
}

/**
 * The four versions from 1.0 on, a word each: a number is the alert that refused it, `refused`,
 * `closed` and `timeout` are themselves, anything else is the suite with which it was accepted.
 */
export function versions(words: string): TlsVersions {
  const alerts: Partial<Record<TlsVersion, number>> = {};
  const suites: Partial<Record<TlsVersion, string>> = {};
  const answers: Record<TlsVersion, TlsVersionAnswer> = {
    '1.0': 'refused',
    '1.1': 'refused',
    '1.2': 'refused',
    '1.3': 'refused',
  };
  const parts = words.split(' ');
  for (const [at, version] of TLS_VERSIONS.entries()) {
    const word = parts[at] ?? assert.fail(`four words, not ${words}`);
    if (/^\d+$/.test(word)) alerts[version] = Number(word);
    else if (word === 'closed' || word === 'timeout') answers[version] = word;
    else if (word !== 'refused') {
      answers[version] = 'accepted';
      suites[version] = word;
    }
  }
  return { ...answers, alerts, suites };
}

export const GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
export const GCM_ID = 0xc030;
export const CBC = 'TLS_RSA_WITH_AES_256_CBC_SHA';
export const CBC_ID = 0x0035;
export const AES13 = 'TLS_AES_256_GCM_SHA384';
export const CHACHA = 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256';

export function cipher(name: string, id: number, fips = true): TlsCipher {
  return { name, id, strength: 'strong', fips };
}

export const CERTIFICATE: Certificate = {
  subject: 'CN=VM1',
  issuer: 'CN=VM1',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-07-01T00:00:00.000Z',
  sha1: '0123456789abcdef0123456789abcdef01234567',
  selfSigned: true,
  keyBits: 2048,
  signatureAlgorithm: 'sha256WithRSAEncryption',
};

/** A client like a current Windows, except for what is given. */
export function client(title: string, but: Partial<ClientProfile> = {}): ClientProfile {
  return {
    id: title.toLowerCase().replaceAll(' ', '-'),
    title,
    supported: true,
    tlsVersions: ['1.0', '1.1', '1.2'],
    unsettledVersions: [],
    tlsSuites: [GCM_ID, CBC_ID],
    unsettledSuites: [],
    tlsGroups: [23, 24],
    tlsSignatures: [0x0401, 0x0403],
    nla: true,
    encryptionMethods: 0x1b,
    credsspHardened: true,
    sure: {
      versions: 'documented',
      suites: 'documented',
      groups: 'documented',
      signatures: 'documented',
      encryptionMethods: 'documented',
      credsspHardened: 'documented',
    },
    source: 'test',
    ...but,
  };
}

export const MODERN = client('Modern Windows');
/** Speaks TLS 1.0 only, lacks 128-bit and FIPS methods, NLA and the update of 2018. */
export const OLD = client('Old Windows', {
  supported: false,
  tlsVersions: ['1.0'],
  tlsSuites: [CBC_ID],
  encryptionMethods: 0x1,
  nla: false,
  credsspHardened: false,
});
/** Knows standard RDP security alone. */
export const PLAIN = client('Plain Terminal', {
  supported: false,
  tlsVersions: [],
  encryptionMethods: 0x1,
  nla: false,
});

export interface CauseCase {
  readonly name: string;
  readonly evidence: Evidence;
  readonly client?: ClientProfile;
  /** The account named with `--user`. */
  readonly user?: NamedUser;
  /** Default: `MODERN` alone. */
  readonly supported?: readonly ClientProfile[];
  readonly verdict: Judgement['verdict'];
  /** `because`, or `missing` when inconclusive. */
  readonly facts: readonly FactName[];
  /** What the explanation has to mention. */
  readonly says?: readonly (string | RegExp)[];
  readonly settledBy?: readonly string[];
  /** Causes that the error which the user sees points to. */
  readonly suspected?: readonly string[];
  /** What the remark has to match. */
  readonly remark?: RegExp;
  /** What the advice of its own says; left out: there must be none. */
  readonly advice?: RegExp;
  /** What the remark has to mention; `null`: there is none. */
  readonly remarks?: readonly string[] | null;
}

/** One test a case, and one that the table has every kind of verdict that style.md asks for. */
export function checkCause(cause: Cause, cases: readonly CauseCase[]): void {
  for (const row of cases) {
    test(`${cause.id}: ${row.verdict}: ${row.name}`, () => {
      const context: JudgeContext = {
        client: row.client,
        supportedClients: row.supported ?? [MODERN],
        ...(row.user === undefined ? {} : { user: row.user }),
        ...(row.suspected === undefined ? {} : { suspected: row.suspected }),
      };
      const judgement = cause.judge(row.evidence, context);
      assert.equal(judgement.verdict, row.verdict, judgement.explanation);
      // Reports are JSON: nothing of a judgement may be lost there, a part that is there and empty included.
      assert.deepEqual(JSON.parse(JSON.stringify(judgement)), judgement);
      const facts = judgement.verdict === 'inconclusive' ? judgement.missing : judgement.because;
      assert.deepEqual([...facts], [...row.facts], judgement.explanation);
      const unsaid = (row.says ?? []).filter((words) =>
        typeof words === 'string'
          ? !judgement.explanation.includes(words)
          : !words.test(judgement.explanation),
      );
      assert.deepEqual(unsaid, [], judgement.explanation);
      if (row.remarks === null) assert.equal(judgement.remark, undefined);
      for (const words of row.remarks ?? []) assert.ok(judgement.remark?.includes(words), judgement.remark);
      const sentences = judgement.explanation.split(/[.?](?= |$)/).length - 1;
      assert.ok(sentences >= 1 && sentences <= 4, `${sentences} sentences: ${judgement.explanation}`);
      if (row.remark !== undefined) assert.match(judgement.remark ?? '', row.remark);
      const advice = judgement.verdict === 'inconclusive' ? undefined : judgement.advice;
      if (row.advice === undefined) assert.equal(advice, undefined);
      else assert.match(advice ?? '', row.advice);
      if (judgement.verdict === 'inconclusive') {
        // An open question always names where to look next.
        assert.match(judgement.settledBy.join(' '), /^(?:HOST|--[a-z]+)(?: (?:HOST|--[a-z]+))*$/);
      }
      if (row.settledBy !== undefined) {
        assert.ok(judgement.verdict === 'inconclusive');
        assert.deepEqual([...judgement.settledBy], [...row.settledBy]);
      }
    });
  }
  test(`${cause.id}: the table has each kind of verdict`, () => {
    const verdicts = new Set(cases.map((row) => row.verdict));
    assert.ok(verdicts.has('confirmed') || verdicts.has('likely'));
    assert.ok(verdicts.has('ruled-out'));
    assert.ok(verdicts.has('inconclusive'));
  });
}
