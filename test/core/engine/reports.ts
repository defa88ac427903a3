import type { Cause, Judgement, Look } from '../../../src/core/model/cause.ts';
import type { Evidence, Facts } from '../../../src/core/model/facts.ts';
import { type Provenance, present } from '../../../src/core/model/observation.ts';
import type { Finding } from '../../../src/core/model/report.ts';
import { STAGES, type Stage, type StageResult } from '../../../src/core/model/stage.ts';

const FROM: Provenance = {
  gatherer: 'test',
  channel: 'tcp',
  locator: 'tcp://192.0.2.4:3389',
  observedAt: '2026-03-01T12:00:00.000Z',
};

/** Evidence in which everything given was seen. */
export function seeing(facts: Partial<Facts>): Evidence {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, present(value, FROM)]));
}

/** What a healthy listener with NLA shows. */
export const HEALTHY: Partial<Facts> = {
  'tcp.connect': {
    state: 'open',
    millis: 12,
    address: '192.0.2.4',
    addresses: [{ address: '192.0.2.4', state: 'open', millis: 12 }],
  },
  'rdp.negotiation': [
    { requested: 0, answer: 'failure', failureCode: 5 },
    { requested: 1, answer: 'failure', failureCode: 5 },
    { requested: 3, answer: 'selected', selected: 2, flags: 0x1f },
    { requested: 11, answer: 'selected', selected: 8, flags: 0x1f },
  ],
  'rdp.nla': 'required',
  'rdp.tls': 'required',
  'rdp.standard': 'refused',
  'tls.versions': {
    '1.0': 'refused',
    '1.1': 'refused',
    '1.2': 'accepted',
    '1.3': 'refused',
    alerts: { '1.0': 70, '1.1': 70, '1.3': 70 },
    suites: { '1.2': 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384' },
  },
  'tls.certificate': {
    subject: 'CN=vm1.corp.example',
    issuer: 'CN=vm1.corp.example',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2026-07-01T00:00:00.000Z',
    sha1: '0123456789abcdef0123456789abcdef01234567',
    selfSigned: true,
    keyBits: 2048,
    signatureAlgorithm: 'sha256WithRSAEncryption',
  },
  'credssp.version': 6,
  'ntlm.challenge': {
    netbiosComputer: 'VM1',
    netbiosDomain: 'CORP',
    dnsComputer: 'vm1.corp.example',
    dnsDomain: 'corp.example',
    dnsForest: 'corp.example',
    osBuild: '10.0.20348',
    timestamp: '2026-03-01T12:00:00.500Z',
  },
  'clock.skewSeconds': 0.45,
};

/** A cause that answers as told; it uses `tcp.connect`. */
export function causeOf(id: string, judge: () => Judgement, but: Partial<Cause> = {}): Cause {
  return {
    id,
    title: `Title of ${id}`,
    stage: 'tls',
    uses: ['tcp.connect'],
    ruledOutBy: [['tcp.connect']],
    prior: 0.01,
    remedies: [],
    advice: `Advice on ${id}.`,
    judge,
    ...but,
  };
}

export const JUDGE = {
  confirmed: (): Judgement => ({ verdict: 'confirmed', because: ['tcp.connect'], explanation: 'Proven.' }),
  likely: (): Judgement => ({ verdict: 'likely', because: ['tcp.connect'], explanation: 'Indicated.' }),
  'ruled-out': (): Judgement => ({ verdict: 'ruled-out', because: ['tcp.connect'], explanation: 'Absent.' }),
  inconclusive: (): Judgement => ({
    verdict: 'inconclusive',
    missing: ['tls.versions'],
    explanation: 'Not known.',
    settledBy: ['--disk'],
  }),
  crashed: (): Judgement => {
    throw new TypeError('a fault in judging');
  },
} as const;

export function findingOf(
  cause: string,
  verdict: Finding['verdict'],
  stage: Stage = 'tls',
  settledBy?: readonly Look[],
): Finding {
  return {
    cause,
    title: `Title of ${cause}`,
    stage,
    verdict,
    because: verdict === 'inconclusive' || verdict === 'crashed' ? [] : ['tcp.connect'],
    explanation: 'Because.',
    advice: '',
    remedies: [],
    ...(settledBy === undefined ? {} : { settledBy }),
  };
}

/** Stages by a letter each: p passed, f failed, u unknown; what is left out is unknown. */
export function stagesOf(letters: string): readonly StageResult[] {
  return STAGES.map((stage, index) => ({
    stage,
    state: ({ p: 'passed', f: 'failed' } as const)[letters[index] as 'p' | 'f'] ?? 'unknown',
    detail: `detail of ${stage}`,
  }));
}
