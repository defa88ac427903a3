import { tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import { readSid } from '../../bytes/sid.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { answerOf, askAll, foundIn, seek, seekBytes, seekText } from '../answers.ts';
import type { Answer, AnswerValue, Inquiry, Membership, PlaceQuestion } from '../inquiry.ts';

const policy = (name: string): PlaceQuestion => ({
  kind: 'value',
  hive: 'SECURITY',
  key: `Policy\\${name}`,
  name: '',
});

/**
 * A member holds its domain's SID in the LSA policy. The DNS suffix proves nothing (anybody may set one):
 * it only names the domain of a member whose LSA does not.
 */
export function* membershipByRegistry(): Inquiry<Answer, PlaceQuestion> {
  const answers = yield* askAll({
    /** Kept by the LSA while the machine is a member; outside a domain the value is there and empty. */
    sid: policy('PolPrDmS'),
    dnsDomain: policy('PolDnDDN'),
    netbiosDomain: policy('PolPrDmN'),
    suffix: {
      kind: 'value',
      hive: 'SYSTEM',
      key: 'CurrentControlSet\\Services\\Tcpip\\Parameters',
      name: 'Domain',
    },
  });
  const { at } = answers.sid;
  const bytes = seekBytes(answers.sid);
  if (bytes.state === 'unknown') return { ...bytes, at };
  if ((foundIn(bytes) ?? []).length === 0) return belongs(at, {});
  const sid = seek(answers.sid, sidOf, 'a SID');
  if (sid.state === 'unknown') return { ...sid, at };
  const own = seek(answers.dnsDomain, lsaTextOf, 'a name');
  // The domain's own name, where the machine's suffix is another (a disjoint namespace).
  const domain = own.state === 'unknown' ? undefined : foundIn(own) || foundIn(seekText(answers.suffix));
  const netbiosDomain = foundIn(seek(answers.netbiosDomain, lsaTextOf, 'a name'));
  const inDomain = foundIn(sid);
  return belongs(at, {
    ...(inDomain === undefined ? {} : { sid: inDomain }),
    ...(domain === undefined || domain === '' ? {} : { domain }),
    ...(netbiosDomain === undefined ? {} : { netbiosDomain }),
  });
}

function belongs(at: string, membership: Membership): Answer {
  return { state: 'present', at, value: { kind: 'membership', membership } };
}

export function* machineSidByRegistry(): Inquiry<Answer, PlaceQuestion> {
  const { sid } = yield* askAll({ sid: policy('PolAcDmS') });
  return answerOf(seek(sid, sidOf, 'a SID'), sid.at, (value) => ({ kind: 'sid', sid: value }));
}

/** An LSA policy name: length and capacity in bytes (two each), an offset of four bytes, then UTF-16. */
function lsaTextOf(value: AnswerValue): string | undefined {
  if (value.kind !== 'value' || !(value.value.data instanceof Uint8Array)) return undefined;
  const { data } = value.value;
  const length = (data[0] ?? 0) | ((data[1] ?? 0) << 8);
  return data.length >= 8 + length ? decodeUtf16le(data.subarray(8, 8 + length)) : undefined;
}

function sidOf(value: AnswerValue): string | undefined {
  if (value.kind !== 'value' || !(value.value.data instanceof Uint8Array)) return undefined;
  const { data } = value.value;
  const decoded = tryDecode(() => readSid(new Reader(data, 'SID')));
  return decoded.ok ? decoded.value : undefined;
}
