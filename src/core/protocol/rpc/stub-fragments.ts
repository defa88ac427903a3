import { PROTECTED_FRAGMENT_MULTIPLE, PROTECTION_SIZE } from './packet-security.ts';
import { PDU_TYPE, type Pdu, PFC } from './pdu.ts';
import { encodeRequest, STUB_AT } from './pdu-call.ts';

/** [C706] 12.6.2: a stub is cut at multiples of eight bytes, where no primitive type is torn. */
const FRAGMENT_MULTIPLE = 8;

/** Request PDUs of one call in order, each of at most `limit` bytes once it is protected. */
export function requestFragments(
  call: {
    readonly callId: number;
    readonly contextId: number;
    readonly opnum: number;
    readonly stub: Uint8Array;
  },
  limit: number,
  protectedCall: boolean,
): readonly Omit<Pdu, 'auth'>[] {
  const { callId, contextId, opnum, stub } = call;
  const multiple = protectedCall ? PROTECTED_FRAGMENT_MULTIPLE : FRAGMENT_MULTIPLE;
  const room = limit - STUB_AT - (protectedCall ? PROTECTION_SIZE : 0);
  const most = room - (room % multiple);
  const fragments: Omit<Pdu, 'auth'>[] = [];
  for (let at = 0; at < stub.length || at === 0; at += most) {
    const part = stub.subarray(at, at + most);
    const first = at === 0 ? PFC.FIRST_FRAG : 0;
    const last = at + most >= stub.length ? PFC.LAST_FRAG : 0;
    fragments.push({
      type: PDU_TYPE.request,
      flags: first | last,
      callId,
      body: encodeRequest({ allocHint: stub.length - at, contextId, opnum, stub: part }),
    });
  }
  return fragments;
}
