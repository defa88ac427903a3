import { fromHex } from '../../../src/core/bytes/hex.ts';

/** [MS-NLMP] 4.2.1 Common Values and 4.2.4 NTLMv2 Authentication. */
export const USER = 'User';
export const DOMAIN = 'Domain';
export const PASSWORD = 'Password';
export const WORKSTATION = 'COMPUTER';
export const RANDOM_SESSION_KEY = new Uint8Array(16).fill(0x55);
export const CLIENT_CHALLENGE = new Uint8Array(8).fill(0xaa);
export const SERVER_CHALLENGE = fromHex('0123456789abcdef');

/** 4.2.4.3 CHALLENGE_MESSAGE. */
export const CHALLENGE = fromHex(
  '4e544c4d53535000 02000000' + // Signature, MessageType
    '0c000c0038000000' + // TargetNameFields: 12 bytes at 56
    '33828ae2' + // NegotiateFlags
    '0123456789abcdef 0000000000000000' + // ServerChallenge, Reserved
    '2400240044000000' + // TargetInfoFields: 36 bytes at 68
    '060070170000000f' + // Version: 6.0.6000, revision 15
    '530065007200760065007200' + // Server
    '02000c00 44006f006d00610069006e00' + // MsvAvNbDomainName
    '01000c00 530065007200760065007200' + // MsvAvNbComputerName
    '00000000', // MsvAvEOL
);

/** 4.2.4.1.3: the client challenge, called temp. */
export const TEMP = fromHex(
  '0101 0000 00000000' + // RespType, HiRespType, reserved
    '0000000000000000' + // TimeStamp
    'aaaaaaaaaaaaaaaa 00000000' + // ChallengeFromClient, reserved
    '02000c00 44006f006d00610069006e00' +
    '01000c00 530065007200760065007200' +
    '00000000 00000000', // MsvAvEOL, and four zero bytes
);

/** 4.2.4.3 AUTHENTICATE_MESSAGE. */
export const AUTHENTICATE = fromHex(
  '4e544c4d53535000 03000000' +
    '180018006c000000' + // LmChallengeResponseFields: 24 bytes at 108
    '5400540084000000' + // NtChallengeResponseFields: 84 bytes at 132
    '0c000c0048000000' + // DomainNameFields: 12 bytes at 72
    '0800080054000000' + // UserNameFields: 8 bytes at 84
    '100010005c000000' + // WorkstationFields: 16 bytes at 92
    '10001000d8000000' + // EncryptedRandomSessionKeyFields: 16 bytes at 216
    '358288e2' + // NegotiateFlags
    '0501280a0000000f' + // Version: 5.1.2600, revision 15
    '44006f006d00610069006e00' + // Domain
    '5500730065007200' + // User
    '43004f004d0050005500540045005200' + // COMPUTER
    '86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa' + // LMv2 response
    '68cd0ab851e51c96aabc927bebef6a1c' + // NTProofStr
    '01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e00' +
    '01000c005300650072007600650072000000000000000000' +
    'c5dad2544fc9799094ce1ce90bc9d03e', // EncryptedRandomSessionKey
);
