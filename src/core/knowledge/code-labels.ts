/** What the words before a number say it is; `none` where they say nothing, `other` where it is no code. */
export type Label =
  | 'event'
  | 'alert'
  | 'exit'
  | 'kerberos'
  | 'failure'
  | 'win32'
  | 'reason'
  | 'extended'
  | 'client'
  | 'code'
  | 'other'
  | 'none';

const MAX_LABEL = 48;
const MAX_BETWEEN = 12;
const BETWEEN = /[\s:=#("'’“”[\]<>/,.：（>~+-]/u;
const WORD = /[\p{L}_ '’%!]/u;

/** The words just before `at`, lower case, at most one line up; empty where there are none. */
export function labelBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < MAX_BETWEEN && BETWEEN.test(text[end - 1] ?? '')) end--;
  let start = end;
  // `win32`, `krb5`: the digits of a word belong to it.
  while (end - start < 2 && /\d/.test(text[start - 1] ?? '')) start--;
  if (start < end && !/\p{L}/u.test(text[start - 1] ?? '')) start = end;
  while (start > 0 && end - start < MAX_LABEL && WORD.test(text[start - 1] ?? '')) start--;
  return text.slice(start, end).trim().toLowerCase();
}

/** First match counts. All end where the number begins. */
const LABELS: readonly (readonly [RegExp, Label])[] = [
  [
    /(?:^|[^\p{L}])(?:events?|ereignis|événement|evento|zdarzenia|события|イベント|事件|이벤트)[\s_]?(?:id|ids|code|kennung)?$/u,
    'event',
  ],
  [/eventid$/u, 'event'],
  [/alert(?: ?(?:number|code|level|desc|description))?(?: (?:is|was))?$/u, 'alert'],
  [/(?:tls|ssl|fatal)\b.{0,40}code is$/u, 'alert'],
  [/exit(?:ed)?(?: ?(?:with|status|code|value)){0,3}$/u, 'exit'],
  [
    /(?:extended|erweiterter?|étendu|extendido|extendida|esteso|estendido|rozszerzony|расширенный|拡張|扩展|擴充|확장).{0,24}$/u,
    'extended',
  ],
  [/(?:krb5?|kerberos|kdc)(?: (?:error|err|code|status|error code|failure code|result code))?$/u, 'kerberos'],
  [/(?:win32|system error|winerror|os error)(?: ?(?:error|code))?$/u, 'win32'],
  [/(?:logon|process|thread|session|record|activity|key|client|user|group|chan)[ _]?id$/u, 'other'],
  [
    /(?:^|[^\p{L}])(?:pid|tid|uid|gid|port|handle|flags?|options?|mask|keywords?|length|len|count|version|build|level|task|opcode|type|keycode|channel|attempt|line|lines|bytes?|timeout|address|socket|display|number of|id|ids|size|seq|index|position|depth|bpp|width|height|pages?|seconds?|millis|ms|age|step|row|item|release|server|windows|kb|display|capability|header|code is the|error state is|internal error state is|state is|internal state is)$/u,
    'other',
  ],
  [
    /(?:logonid|processid|threadid|recordid|port|keylength|logontype|authtype|options|encryptiontype|flags|keywords|guid|sid)$/u,
    'other',
  ],
  [
    /(?:disconnect(?:ed|ion)?|disconnect(?:ion)? reason|reason|reason code|reasoncode|rdp disconnected!?)$/u,
    'reason',
  ],
  [/(?:mstsc)$/u, 'client'],
  [
    /(?:error ?code|fehlercode|code d['’]erreur|código de erro?r?|codice errore|kod błędu|код ошибки|エラー ?コード|错误代码|錯誤碼|錯誤代碼|오류 ?코드)$/u,
    'client',
  ],
  [/failure(?: ?code)?$/u, 'failure'],
  [
    /(?:code|status|result|hresult|error|errors|err|errno|failed|failure|reported|returned?|returns|rc|substatus|with|was|is|value|コード|代码|代碼|错误|錯誤|코드|오류|fehler|erreur|errore|błąd|ошибка|код|kod)$/u,
    'code',
  ],
];

/** A log says the same words again and again. */
const classified = new Map<string, Label>();
const MAX_CLASSIFIED = 4096;

/** What a label says the number after it is. */
export function classify(label: string): Label {
  if (label === '') return 'none';
  const known = classified.get(label);
  if (known !== undefined) return known;
  const kind = LABELS.find(([pattern]) => pattern.test(label))?.[1] ?? 'none';
  if (classified.size < MAX_CLASSIFIED) classified.set(label, kind);
  return kind;
}
