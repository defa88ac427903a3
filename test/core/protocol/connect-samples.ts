import { fromHex } from '../../../src/core/bytes/hex.ts';

/** [MS-RDPBCGR] 4.1.3 Client MCS Connect Initial PDU with GCC Conference Create Request, in the parts it is made of. */
const CLIENT_SETTINGS =
  '01c0 d800' + // CS_CORE, 216 bytes
  '04000800' + // version 0x00080004
  '0005 0004' + // desktop 1280 × 1024
  '01ca 03aa' + // colorDepth RNS_UD_COLOR_8BPP, SASSequence RNS_UD_SAS_DEL
  '09040000 ce0e0000' + // keyboardLayout 0x409, clientBuild 3790
  '45004c0054004f004e0053002d004400450056003200 00000000000000000000' + // clientName ELTONS-DEV2
  '04000000 00000000 0c000000' + // keyboardType 4, subtype 0, 12 function keys
  '00'.repeat(64) + // imeFileName
  '01ca 0100 00000000' + // postBeta2ColorDepth, clientProductId 1, serialNumber 0
  '1800 0700 0100' + // highColorDepth 24, supportedColorDepths, earlyCapabilityFlags ERRINFO
  '36003900370031003200 2d00 370038003300 2d00' + // clientDigProductId 69712-783-
  '3000330035003700390037003400 2d00 34003200370031003400' + // 0357974-42714
  '000000000000000000000000000000000000' + // and its padding
  '00 00' + // connectionType, pad1octet
  '00000000' + // serverSelectedProtocol PROTOCOL_RDP
  '04c0 0c00 0d000000 00000000' + // CS_CLUSTER, 12 bytes: flags 0x0d, no session
  '02c0 0c00 1b000000 00000000' + // CS_SECURITY, 12 bytes: 40, 56, 128 bits and FIPS
  '03c0 2c00 03000000' + // CS_NET, 44 bytes, 3 channels
  '7264706472000000 00008080' + // rdpdr: initialized, compressed
  '636c697072647200 0000a0c0' + // cliprdr: initialized, encrypted, compressed, show protocol
  '726470736e640000 000000c0'; // rdpsnd: initialized, encrypted

export const PUBLISHED_CONFERENCE_CREATE_REQUEST = fromHex(
  '0005 00147c0001' + // ConnectData key: object identifier 0.0.20.124.0.1
    '812a' + // connectPDU: 298 bytes
    '0008 00 10 00' + // conferenceCreateRequest with userData, conference name "1", all flags off
    '01 c0 00 44756361' + // one set, h221NonStandard "Duca"
    '811c' + // 284 bytes
    CLIENT_SETTINGS,
);

export const PUBLISHED_CLIENT_SETTINGS = fromHex(CLIENT_SETTINGS);

/** The whole packet: 416 bytes. */
export const PUBLISHED_CONNECT_INITIAL = Uint8Array.of(
  ...fromHex(
    '030001a0' + // TPKT, 416 bytes
      '02f080' + // X.224 Data
      '7f65 820194' + // Connect-Initial, 404 bytes
      '040101 040101 0101ff' + // both domain selectors 01, upwardFlag TRUE
      '3019 020122 020102 020100 020101 020100 020101 0202ffff 020102' + // targetParameters; 65535 without a leading zero
      '3019 020101 020101 020101 020101 020100 020101 02020420 020102' + // minimumParameters
      '301c 0202ffff 0202fc17 0202ffff 020101 020100 020101 0202ffff 020102' + // maximumParameters
      '04820133', // userData, 307 bytes
  ),
  ...PUBLISHED_CONFERENCE_CREATE_REQUEST,
);

/** [MS-RDPBCGR] 4.1.4 Server MCS Connect Response PDU with GCC Conference Create Response, likewise. */
const SERVER_SETTINGS =
  '010c 0c00 04000800 00000000' + // SC_CORE, 12 bytes: version 0x00080004, clientRequestedProtocols 0
  '030c 1000 eb03 0300 ec03 ed03 ee03 0000' + // SC_NET, 16 bytes: I/O channel 1003, channels 1004 to 1006, padding
  '020c ec00' + // SC_SECURITY, 236 bytes
  '02000000 02000000' + // encryptionMethod 128 bits, encryptionLevel client compatible
  '20000000 b8000000' + // serverRandom 32 bytes, serverCertificate 184 bytes
  '1011772030610a12e434a11ef2c39f317da45f01893496e0ff1108697f1ac3d2' + // serverRandom
  '01000000 01000000 01000000' + // PROPRIETARYSERVERCERTIFICATE: version 1, RSA signature, RSA key
  '06005c00 52534131 48000000 00020000 3f000000 01000100' + // RSA public key blob: 92 bytes, RSA1, 72, 512 bits, 63, 65537
  'cb81feba6d61c35505d55f2e87f87194d6f1a5cbf15f0c3df8700296c4fb9bc8' + // modulus
  '3c2d55aee8ff3275ea6879e5a201fd31a0b11f55a61fc1f6d18388632656' + // …
  '12bc 0000000000000000' + // … and its padding
  '08004800' + // signature blob: 72 bytes
  'e9e1d628468b4ef50adffdee2199acb4e18f5f815782ef9d965263271829dbb3' + // signature
  '4afd9ada42adb56921890e1dc04c1aa8aa713e0f54b99ae499683f6cd6768461' + // …
  '0000000000000000'; // … and its padding

export const PUBLISHED_SERVER_SETTINGS = fromHex(SERVER_SETTINGS);

export const PUBLISHED_CONFERENCE_CREATE_RESPONSE = fromHex(
  '0005 00147c0001' + // ConnectData key
    '2a' + // connectPDU: states 42 bytes, has 279
    '14 760a' + // conferenceCreateResponse with userData, nodeID 31219
    '0101 00' + // tag 1, result success
    '01 c0 00 4d63446e' + // one set, h221NonStandard "McDn"
    '8108' + // 264 bytes
    SERVER_SETTINGS,
);

/** The whole packet: 337 bytes. */
export const PUBLISHED_CONNECT_RESPONSE = Uint8Array.of(
  ...fromHex(
    '03000151' + // TPKT, 337 bytes
      '02f080' + // X.224 Data
      '7f66 820145' + // Connect-Response, 325 bytes
      '0a0100 020100' + // result rt-successful, calledConnectId 0
      '301a 020122 020103 020100 020101 020100 020101 020300fff8 020102' + // domainParameters
      '0482011f', // userData, 287 bytes
  ),
  ...PUBLISHED_CONFERENCE_CREATE_RESPONSE,
);
