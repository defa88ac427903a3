import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suitesFor } from '../../../../src/core/knowledge/tls-suites.ts';
import type { TlsCiphers, TlsFeatures } from '../../../../src/core/model/facts.ts';
import { decodeU16List, EXTENSION, findExtension } from '../../../../src/core/protocol/tls-extensions.ts';
import type { ClientHello } from '../../../../src/core/protocol/tls-hello.ts';
import type { Act } from '../../fake-network.ts';
import { serverFlight, tlsAlert } from '../../fake-rdp.ts';
import { type Looked, type LookOptions, look } from './looking.ts';

type Config = Readonly<Record<number, readonly number[]>>;

/** Chooses by its own preference among the suites that a version has; knows P-256 alone. */
function serving(config: Config) {
  return (version: number, hello: ClientHello): readonly Act[] => {
    const groups = findExtension(hello.extensions, EXTENSION.supportedGroups);
    const offered = groups === undefined ? [] : decodeU16List(groups.data);
    if (offered.length > 0 && !offered.includes(23)) return [tlsAlert(40)];
    const served = config[version];
    if (served === undefined) return [tlsAlert(70)];
    const suite = served.find((id) => hello.suites.includes(id));
    return [suite === undefined ? tlsAlert(40) : serverFlight(version, suite)];
  };
}

async function inFull(config: Config, but: LookOptions = {}): Promise<Looked> {
  return look({
    ...but,
    server: { hello: serving(config), ...but.server },
    request: { full: true, timeoutMillis: 60_000, ...but.request },
  });
}

function ciphersOf({ evidence }: Looked): Readonly<Record<string, readonly number[]>> {
  const ciphers = evidence['tls.ciphers'];
  assert.ok(ciphers?.state === 'present', JSON.stringify(ciphers));
  const value: TlsCiphers = ciphers.value;
  return Object.fromEntries(
    Object.entries(value).map(([version, list]) => [version, list.map(({ id }) => id)]),
  );
}

function featuresOf({ evidence }: Looked): TlsFeatures {
  const features = evidence['tls.features'];
  assert.ok(features?.state === 'present', JSON.stringify(features));
  return features.value;
}

const GCM = 0xc030;
const CBC = 0x0035;
const RC4 = 0x0005;
const AES_13 = 0x1302;
const CHACHA_13 = 0x1303;

test('every accepted suite of every accepted version, the preferred one first', async () => {
  const looked = await inFull({ 771: [CBC, GCM, RC4], 772: [CHACHA_13, AES_13] });
  const { '1.2': old = [], '1.3': modern = [], ...others } = ciphersOf(looked);
  assert.equal(old[0], CBC);
  assert.deepEqual(new Set(old), new Set([CBC, GCM, RC4]));
  assert.equal(modern[0], CHACHA_13);
  assert.deepEqual(new Set(modern), new Set([CHACHA_13, AES_13]));
  assert.deepEqual(others, {});
  assert.deepEqual(looked.warnings, []);
});

test('each suite with its strength and whether FIPS 140 allows it', async () => {
  const looked = await inFull({ 771: [GCM, RC4] });
  const ciphers = looked.evidence['tls.ciphers'];
  assert.ok(ciphers?.state === 'present');
  assert.deepEqual(ciphers.value['1.2'], [
    { id: GCM, name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', strength: 'strong', fips: true },
    { id: RC4, name: 'TLS_RSA_WITH_RC4_128_SHA', strength: 'broken', fips: false },
  ]);
});

test('SSL 3.0 is looked for, and its suites listed', async () => {
  assert.deepEqual(ciphersOf(await inFull({ 768: [RC4], 771: [GCM] })), { SSLv3: [RC4], '1.2': [GCM] });
  assert.equal(featuresOf(await inFull({ 771: [GCM] })).sslv3, 'refused');
});

test('a server that takes everything is looked through to the last suite', async () => {
  const all = suitesFor(0x0303);
  const { '1.2': found = [] } = ciphersOf(await inFull({ 771: all }, { roundTrip: 1 }));
  assert.deepEqual(new Set(found), new Set(all));
});

test('a server that chooses what was not offered does not keep it going', async () => {
  const looked = await inFull({}, { server: { hello: () => [serverFlight(0x0303, 0xfafa)] } });
  assert.ok(looked.connections < 60, `${looked.connections}`);
});

test('a server that always chooses the same suite does not keep it going', async () => {
  const looked = await inFull(
    {},
    { server: { hello: (version) => [serverFlight(version, version === 0x0304 ? AES_13 : CBC)] } },
  );
  assert.ok(looked.connections < 120, `${looked.connections}`);
  assert.deepEqual(ciphersOf(looked)['1.2'], [CBC]);
});

test('groups: those with which a hello is taken', async () => {
  assert.deepEqual(featuresOf(await inFull({ 771: [GCM] })).groups, ['secp256r1']);
});

test('fallback protection: honoured, ignored, not to be asked', async () => {
  const SCSV = 0x5600;
  const both = { 770: [CBC], 771: [GCM] };
  const serve = serving(both);
  const honouring = (version: number, hello: ClientHello): readonly Act[] =>
    hello.suites.includes(SCSV) ? [tlsAlert(86)] : serve(version, hello);
  const seen = async (but: LookOptions, config: Config = both): Promise<string> =>
    featuresOf(await inFull(config, but)).fallbackScsv;
  assert.equal(await seen({ server: { hello: honouring } }), 'honoured');
  assert.equal(await seen({}), 'ignored');
  assert.equal(await seen({}, { 771: [GCM] }), 'unknown');
});

test('where the time is over before every suite was tried the list is not called complete', async () => {
  const looked = await inFull(
    { 771: suitesFor(0x0303) },
    { roundTrip: 200, request: { timeoutMillis: 3000 } },
  );
  const ciphers = looked.evidence['tls.ciphers'];
  assert.ok(ciphers?.state === 'unknown' && ciphers.why === 'timeout');
  assert.deepEqual(looked.warnings, [
    { code: 'suites-not-tried', text: 'not every cipher suite was tried in time: allow more with --timeout' },
  ]);
  assert.ok(looked.millis <= 3000);
});

test('a negotiation that falls silent in the middle is no end of the list', async () => {
  // The first fourteen connections are served, then nobody answers any more.
  const looked = await inFull(
    { 771: suitesFor(0x0303) },
    { peer: (connection) => (connection > 14 ? { receive: () => [] } : {}) },
  );
  assert.equal(looked.evidence['tls.ciphers']?.state, 'unknown');
});

test('a server that closes instead of refusing ends the list, after a few retries', async () => {
  const serve = serving({ 771: [GCM, CBC] });
  const closing = (version: number, hello: ClientHello): readonly Act[] => {
    const acts = serve(version, hello);
    return acts[0] instanceof Uint8Array && acts[0][0] === 21 ? ['end'] : acts;
  };
  const looked = await inFull({}, { server: { hello: closing } });
  assert.deepEqual(new Set(ciphersOf(looked)['1.2']), new Set([GCM, CBC]));
  const retries = looked.network.started.filter(({ label }) => label.endsWith(', alone'));
  assert.ok(retries.length <= 8, `${retries.length} retries`);
});

test('RDSTLS and every encryption method are asked for alone', async () => {
  const looked = await inFull(
    {},
    {
      server: {
        negotiate: (requested) => (requested === 0 ? { selected: 0 } : { failure: 2 }),
        security: [2, 2],
      },
    },
  );
  const encryption = looked.evidence['rdp.encryption'];
  assert.ok(encryption?.state === 'present');
  assert.deepEqual(
    encryption.value.perMethod?.map(({ offered, answer }) => [offered, answer]),
    [
      [1, 'accepted'],
      [8, 'accepted'],
      [2, 'accepted'],
      [16, 'accepted'],
    ],
  );
  const negotiation = looked.evidence['rdp.negotiation'];
  assert.ok(negotiation?.state === 'present');
  assert.deepEqual(
    negotiation.value.map(({ requested }) => requested),
    [0, 1, 3, 4, 11],
  );
});

test('where nothing was reached --full asks no further', async () => {
  const looked = await inFull({}, { peer: () => ({ connect: { state: 'refused' } }) });
  assert.equal(looked.connections, 3);
});
