// What the answers to TLS mean for a client and for the server, whichever cause asks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeChoice,
  effectOfAnswer,
  everyoneOffersTheChoice,
  isRefusedOnGuess,
  mayHaveVersion,
} from '../../../src/core/causes/_clients.ts';
import { describeVersions, diesWithoutWord, effectOfSuites } from '../../../src/core/causes/_tls.ts';
import type { ClientProfile } from '../../../src/core/model/client.ts';
import type { TlsVersions } from '../../../src/core/model/facts.ts';
import { AES13, CBC, CBC_ID, cipher, client, GCM, GCM_ID, MODERN, OLD, versions } from './evidence.ts';

const withGroup = (words: string, group: string | undefined, signature: string | undefined): TlsVersions => ({
  ...versions(words),
  groups: group === undefined ? {} : { '1.2': group },
  signatures: signature === undefined ? {} : { '1.2': signature },
});
const everyone = (seen: TlsVersions, ...clients: readonly ClientProfile[]): boolean =>
  everyoneOffersTheChoice({ client: undefined, supportedClients: clients }, seen);

test('everyone offers the choice where suite, group and signature are in the hello', () => {
  const rsa = versions(`70 70 ${CBC} 70`);
  assert.ok(everyone(rsa, MODERN), 'RSA key exchange needs no group');
  assert.ok(!everyone(rsa), 'nobody is not everyone');
  assert.ok(!everyone(rsa, MODERN, client('Other', { tlsSuites: [GCM_ID] })));
  assert.ok(!everyone(rsa, OLD), 'no version in common');
  assert.ok(everyone(withGroup(`70 70 ${GCM} 70`, 'secp256r1', 'rsa_pkcs1_sha256'), MODERN));
  assert.ok(!everyone(withGroup(`70 70 ${GCM} 70`, undefined, 'rsa_pkcs1_sha256'), MODERN));
  assert.ok(!everyone(withGroup(`70 70 ${GCM} 70`, 'secp256r1', undefined), MODERN));
  assert.ok(!everyone(withGroup(`70 70 ${GCM} 70`, 'secp521r1', 'rsa_pkcs1_sha256'), MODERN));
  assert.ok(!everyone(withGroup(`70 70 ${GCM} 70`, 'secp256r1', 'rsa_pkcs1_sha512'), MODERN));
  const named = { client: OLD, supportedClients: [MODERN] };
  assert.ok(!everyoneOffersTheChoice(named, rsa), 'the named client decides');
});

test('TLS 1.3 is chosen with a group always', () => {
  const speaker = client('Speaker', { tlsVersions: ['1.3'], tlsSuites: [0x1302] });
  const bare = versions(`70 70 70 ${AES13}`);
  assert.ok(!everyone(bare, speaker));
  assert.ok(everyone({ ...bare, groups: { '1.3': 'secp256r1' } }, speaker));
});

test('a server dies without a word where no alert says why', () => {
  assert.ok(diesWithoutWord(versions('closed closed closed closed')));
  assert.ok(diesWithoutWord(versions('70 70 80 70')));
  assert.ok(diesWithoutWord(versions('70 70 refused 70')));
  assert.ok(!diesWithoutWord(versions('70 70 70 70')));
  assert.ok(!diesWithoutWord(versions('70 70 40 closed')));
  assert.ok(!diesWithoutWord(versions('closed closed timeout closed')));
  assert.ok(!diesWithoutWord(versions(`closed closed ${GCM} closed`)));
  assert.ok(!diesWithoutWord({ ...versions('closed closed closed closed'), '1.2': 'foreign' }));
});

test('a reset is told from a close, and what was met by its name', () => {
  const closed = versions('70 70 closed 70');
  assert.match(describeVersions(closed), /TLS 1\.2 closed/);
  assert.match(describeVersions({ ...closed, how: { '1.2': 'reset' } }), /TLS 1\.2 reset/);
  assert.match(describeVersions({ ...closed, '1.2': 'foreign', foreign: 'an SSH banner' }), /an SSH banner/);
});

test('the choice is told of the newest version that was accepted, of TLS 1.2 first', () => {
  assert.equal(describeChoice(versions('70 70 70 70')), undefined);
  assert.match(describeChoice(versions(`${CBC} 70 70 70`)) ?? '', /TLS 1\.0/);
  assert.match(describeChoice(versions(`${CBC} 70 ${GCM} ${AES13}`)) ?? '', /TLS 1\.2/);
  assert.match(describeChoice(versions(`${CBC} ${CBC} 70 70`)) ?? '', /TLS 1\.1/);
});

test('of a choice it is told what was seen of it, and nothing where nothing was', () => {
  const whole = describeChoice(withGroup(`70 70 ${GCM} 70`, 'secp521r1', 'ed25519')) ?? '';
  for (const part of [GCM, 'secp521r1', 'ed25519']) assert.ok(whole.includes(part), whole);
  const suite = describeChoice(withGroup(`70 70 ${GCM} 70`, undefined, undefined)) ?? '';
  assert.ok(suite.endsWith(GCM), suite);
  const bare: TlsVersions = { ...versions(`70 70 ${GCM} 70`), suites: {} };
  assert.equal(describeChoice(bare), undefined);
  assert.match(describeChoice({ ...bare, groups: { '1.2': 'secp521r1' } }) ?? '', /secp521r1$/);
  assert.match(describeChoice({ ...bare, signatures: { '1.2': 'ed25519' } }) ?? '', /ed25519$/);
});

test('what the client lacks of the choice decides whether it is sure that it is stopped', () => {
  const refused = { client: 'x', answer: 'refused' as const, alert: 40 };
  const unsure = (part: 'suites' | 'groups' | 'signatures', but: Partial<ClientProfile> = {}) =>
    client('Unsure', { ...but, sure: { ...MODERN.sure, [part]: 'practice' } });
  const group = withGroup(`70 70 ${GCM} 70`, 'secp521r1', 'rsa_pkcs1_sha256');
  const signature = withGroup(`70 70 ${GCM} 70`, 'secp256r1', 'ed25519');
  const suite = versions('70 70 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 70');
  assert.equal(effectOfAnswer(unsure('groups'), refused, group), 'unsettled');
  assert.equal(effectOfAnswer(unsure('suites'), refused, group), 'stopped');
  assert.equal(effectOfAnswer(unsure('signatures'), refused, signature), 'unsettled');
  assert.equal(effectOfAnswer(unsure('groups'), refused, signature), 'stopped');
  assert.equal(effectOfAnswer(unsure('suites'), refused, suite), 'unsettled');
  assert.equal(effectOfAnswer(unsure('signatures'), refused, suite), 'stopped');
  // It lacks nothing that was seen, so anything may be the reason.
  const nothing = withGroup(`70 70 ${GCM} 70`, 'secp256r1', 'rsa_pkcs1_sha256');
  for (const part of ['suites', 'groups', 'signatures'] as const)
    assert.equal(effectOfAnswer(unsure(part), refused, nothing), 'unsettled', part);
  assert.equal(effectOfAnswer(MODERN, refused, nothing), 'stopped');
  // It may offer the suite that was chosen.
  const may = client('May', { unsettledSuites: [0x009f] });
  assert.equal(effectOfAnswer(may, refused, suite), 'unsettled');
});

test('what the refusal of a hello of its own means for a client', () => {
  const refused = (alert?: number) => ({
    client: MODERN.id,
    answer: 'refused' as const,
    ...(alert === undefined ? {} : { alert }),
  });
  const other = versions('70 70 TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 70');
  assert.equal(effectOfAnswer(MODERN, { client: MODERN.id, answer: 'accepted' }, other), 'passes');
  assert.equal(effectOfAnswer(MODERN, { client: MODERN.id, answer: 'closed' }, other), 'open');
  assert.equal(effectOfAnswer(MODERN, refused(40), other), 'stopped');
  for (const alert of [70, 112, 42, 116])
    assert.equal(effectOfAnswer(MODERN, refused(alert), other), 'passes');
  assert.equal(effectOfAnswer(MODERN, refused(40), undefined), 'suspect');
  assert.equal(effectOfAnswer(MODERN, refused(71), undefined), 'suspect');
  assert.equal(effectOfAnswer(MODERN, refused(47), undefined), 'open');
  assert.equal(effectOfAnswer(MODERN, refused(), undefined), 'open');
  assert.equal(effectOfAnswer(MODERN, refused(40), versions(`70 70 70 ${AES13}`)), 'passes');
  assert.equal(effectOfAnswer(MODERN, refused(40), versions('70 70 70 70')), 'open');
  const guessed = client('Guessed', { sure: { ...MODERN.sure, suites: 'practice' } });
  assert.equal(effectOfAnswer(guessed, refused(40), other), 'unsettled');
  assert.equal(effectOfAnswer(guessed, refused(40), undefined), 'unsettled');
  assert.ok(isRefusedOnGuess(guessed, refused(40), other));
  assert.ok(!isRefusedOnGuess(MODERN, refused(40), other));
  assert.ok(!isRefusedOnGuess(guessed, { client: guessed.id, answer: 'timeout' }, other));
});

test('a version that is not settled may be the one that is accepted', () => {
  const may = client('May', { unsettledVersions: ['1.3'] });
  assert.ok(mayHaveVersion(may, ['1.3']));
  assert.ok(!mayHaveVersion(may, ['1.2']));
  assert.ok(mayHaveVersion(client('Said', { sure: { ...MODERN.sure, versions: 'practice' } }), []));
  const refusal = { client: may.id, answer: 'refused' as const, alert: 70 };
  assert.ok(isRefusedOnGuess(may, refusal, undefined));
  assert.ok(!isRefusedOnGuess(MODERN, refusal, undefined));
  assert.ok(isRefusedOnGuess(may, { ...refusal, alert: 40 }, versions(`70 70 70 ${AES13}`)));
});

test('what the accepted suites do to a client', () => {
  const only = (...rows: Parameters<typeof cipher>[]) => ({ '1.2': rows.map((row) => cipher(...row)) });
  const seen = versions(`70 70 ${GCM} 70`);
  assert.equal(effectOfSuites(MODERN, only([GCM, GCM_ID]), seen), 'passes');
  assert.equal(effectOfSuites(MODERN, only(['0x1234', 0x1234]), seen), 'stopped');
  assert.equal(effectOfSuites(MODERN, only(['0x1234', 0x1234]), undefined), 'stopped');
  assert.equal(effectOfSuites(MODERN, {}, undefined), 'passes');
  assert.equal(effectOfSuites(MODERN, {}, seen), 'open');
  assert.equal(effectOfSuites(OLD, only([CBC, CBC_ID]), seen), 'passes');
  const may = client('May', { tlsSuites: [], unsettledSuites: [0x1234] });
  assert.equal(effectOfSuites(may, only(['0x1234', 0x1234]), seen), 'unsettled');
});
