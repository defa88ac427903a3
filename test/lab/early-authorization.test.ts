// After CredSSP on HYBRID_EX come four raw bytes, [MS-RDPBCGR] 2.2.10.2; on HYBRID none. The product never
// goes so far (it sends no password), so a client is played here with the codecs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { fromHex, toHex } from '../../src/core/bytes/hex.ts';
import { clientBinding } from '../../src/core/protocol/credssp.ts';
import { authenticate, CLIENT_NEGOTIATE } from '../../src/core/protocol/ntlm-logon.ts';
import { encodeNegotiate } from '../../src/core/protocol/ntlm-messages.ts';
import { NtlmSession } from '../../src/core/protocol/ntlm-session.ts';
import { decodeSpnego, encodeSpnego, MECHANISM } from '../../src/core/protocol/spnego.ts';
import { decodeTsRequest, encodeTsRequest, type TsRequest } from '../../src/core/protocol/tsrequest.ts';
import { startLab } from '../../src/lab/lab.ts';
import { PUBLISHED_CONNECT_INITIAL } from '../core/protocol/connect-samples.ts';

const ROWS = [
  { name: 'HYBRID_EX, authorised', protocols: 0x0b, authorized: true, expected: '00000000', goesOn: true },
  {
    name: 'HYBRID_EX, not authorised',
    protocols: 0x0b,
    authorized: false,
    expected: '05000000',
    goesOn: false,
  },
  { name: 'HYBRID, authorised', protocols: 0x03, authorized: true, expected: '', goesOn: true },
  { name: 'HYBRID, not authorised', protocols: 0x03, authorized: false, expected: '', goesOn: false },
];

for (const { name, protocols, authorized, expected, goesOn } of ROWS) {
  for (const wrapping of ['bare', 'SPNEGO', 'SPNEGO, Kerberos first'] as const) {
    test(`${name}, ${wrapping}`, { timeout: 20_000 }, async () => {
      const lab = await startLab({ credssp: { authorized } });
      try {
        const heard = await signIn(lab.port, protocols, wrapping);
        assert.equal(toHex(heard.subarray(0, expected.length / 2)), expected);
        const rest = heard.subarray(expected.length / 2);
        // TPKT, X.224 Data, MCS Connect-Response.
        assert.match(toHex(rest), goesOn ? /^0300....02f0807f66/ : /^$/);
      } finally {
        await lab.close();
      }
    });
  }
}

/** A whole sign-in by NLA, and an MCS Connect-Initial after it. @returns what the server said after the credentials */
async function signIn(port: number, protocols: number, wrapping: string): Promise<Uint8Array> {
  const raw = connect({ host: '127.0.0.1', port });
  raw.write(
    fromHex(`03000013 0e e0 0000 0000 00 01 00 0800 ${protocols.toString(16).padStart(2, '0')}000000`),
  );
  await once(raw, 'data');
  const secure = connectTls({ socket: raw, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const key = secure.getPeerX509Certificate()?.publicKey.export({ type: 'pkcs1', format: 'der' });
  assert.ok(key instanceof Uint8Array);
  const inside = secure.pipe(new PassThrough());
  const ask = async (request: TsRequest): Promise<TsRequest> => {
    secure.write(encodeTsRequest(request));
    return decodeTsRequest(await chunk(inside));
  };

  const negotiate = encodeNegotiate(CLIENT_NEGOTIATE);
  const spnego = wrapping !== 'bare';
  if (wrapping === 'SPNEGO, Kerberos first') {
    const mechTypes = [MECHANISM.kerberos, MECHANISM.ntlmssp];
    const ticket = encodeSpnego({ kind: 'init', mechTypes, mechToken: fromHex('6e020500') });
    const answer = await ask({ version: 6, negoTokens: [ticket] });
    const token = decodeSpnego(answer.negoTokens?.[0] ?? new Uint8Array(0));
    assert.equal(token.kind === 'resp' && token.supportedMech, MECHANISM.ntlmssp);
  }
  const first =
    wrapping === 'bare'
      ? negotiate
      : wrapping === 'SPNEGO'
        ? encodeSpnego({ kind: 'init', mechTypes: [MECHANISM.ntlmssp], mechToken: negotiate })
        : encodeSpnego({ kind: 'resp', responseToken: negotiate });
  const challenged = (await ask({ version: 6, negoTokens: [first] })).negoTokens?.[0] ?? new Uint8Array(0);
  const opened = spnego ? decodeSpnego(challenged) : undefined;
  const challenge = opened === undefined ? challenged : opened.kind === 'resp' && opened.responseToken;
  assert.ok(challenge instanceof Uint8Array);

  const { message, exportedSessionKey, flags } = authenticate({
    messages: { negotiate, challenge },
    credential: { domain: 'CORP', user: 'alice', password: 'Passw0rd!' },
    random: { exportedSessionKey: new Uint8Array(16).fill(7), clientChallenge: new Uint8Array(8).fill(9) },
    now: 0n,
    workstation: 'TEST',
  });
  const session = new NtlmSession(exportedSessionKey, flags, 'client');
  const clientNonce = new Uint8Array(32).fill(5);
  const proof = clientBinding({ version: 6, publicKey: new Uint8Array(key), clientNonce });
  const accepted = await ask({
    version: 6,
    negoTokens: [spnego ? encodeSpnego({ kind: 'resp', responseToken: message }) : message],
    pubKeyAuth: session.wrap(proof),
    clientNonce,
  });
  assert.ok(accepted.pubKeyAuth !== undefined && session.unwrap(accepted.pubKeyAuth) !== undefined);
  secure.write(encodeTsRequest({ version: 6, authInfo: session.wrap(fromHex('3000')) }));
  secure.write(PUBLISHED_CONNECT_INITIAL);

  const chunks: Uint8Array[] = [];
  inside.on('data', (bytes) => chunks.push(bytes));
  inside.resume();
  setTimeout(() => secure.end(), 100);
  await once(inside, 'end');
  raw.destroy();
  return new Uint8Array(Buffer.concat(chunks));
}

async function chunk(stream: Duplex): Promise<Uint8Array> {
  const arrival = once(stream, 'data');
  stream.resume();
  const [bytes] = await arrival;
  stream.pause();
  assert.ok(bytes instanceof Uint8Array);
  return bytes;
}
