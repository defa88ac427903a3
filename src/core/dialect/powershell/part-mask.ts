/**
 * With masked names: names of users, machines and domains, and SIDs, each always by the same word. A name is learnt where
 * it stands as one (a field of an event, the machine's own name), and masked there and in every text of an event
 * or a program; of the registry only values that hold names are touched, since a machine may be called "Server".
 */
export const MASK = String.raw`
$words = @{}
$counts = @{ user = 0; host = 0; domain = 0; account = 0 }
$nobody = '^(-|\.|SYSTEM|LOCAL|LOCAL SERVICE|NETWORK SERVICE|ANONYMOUS LOGON|LocalSystem|LocalService|NetworkService|NT AUTHORITY|NT SERVICE|BUILTIN|Window Manager|Font Driver Host|WORKGROUP|localhost|(DWM|UMFD)-\d+|[\d.:]+|[0-9a-f:]*::?[0-9a-f:.%]*|(user|host|domain)-\d+|%%.*|0x.*)?\z'
$common = '^(server|client|windows|system|user|users|admin|administrator|service|local|remote|host|computer|domain|test|name|type|error|status|event|data|security|network|desktop|guest|rdp|tcp|tls|ssl)\z'

# The word for a name; the name itself where it is everybody's.
function Word([string]$kind, [string]$name) {
  if ($name -match $nobody) { return $name }
  if ($name -match '^(NT[ -][^\\]*|BUILTIN)\\') { return $name }
  if ($name -match '^([^\\]+)\\(.+)\z') { return (Word 'domain' $Matches[1]) + '\' + (Word 'user' ($name -replace '^[^\\]+\\', '')) }
  if ($name -match '^[^@]+@.+\z') { return (Word 'user' ($name -replace '@.*\z', '')) + '@' + (Word 'domain' ($name -replace '^[^@]*@', '')) }
  if ($name -match '\$\z') { return (Word 'host' ($name -replace '\$\z', '')) + '$' }
  if ($kind -eq 'host' -and $name -match '\.') { return (Word 'host' ($name -replace '\..*\z', '')) + '.' + (Word 'domain' ($name -replace '^[^.]*\.', '')) }
  if (-not $words.ContainsKey($name)) { $counts[$kind]++; $words[$name] = "$kind-$($counts[$kind])" }
  $words[$name]
}
# A second name of the same domain.
function Learn-Domain([string]$name, [string]$short) {
  if ($name -notmatch $nobody) { $word = Word 'domain' $name; if ($short -and $short -notmatch $nobody) { $words[$short] = $word } }
}

function Mask-Sids([string]$text) {
  foreach ($sid in @($text -split '(S-1-5-21-\d+-\d+-\d+(?:-\d+)?)' -match '^S-1-5-21-')) {
    $parts = $sid -split '-'
    $issuer = $parts[4..6] -join '-'
    if (-not $words.ContainsKey("S-$issuer")) { $words["S-$issuer"] = "0-0-$($words.Count + 1)" }
    $word = 'S-1-5-21-' + $words["S-$issuer"]
    if ($parts.Count -gt 7) {
      # Below 1000 a number is everybody's.
      if ([long]$parts[7] -ge 1000) { if (-not $words.ContainsKey($sid)) { $counts.account++; $words[$sid] = "$(1000 + $counts.account)" }; $word += '-' + $words[$sid] } else { $word += '-' + $parts[7] }
    }
    $text = $text -replace ($sid + '(?!-?\d)'), $word
  }
  $text
}
# A text in which names stand among others.
function Mask-Text([string]$text) {
  $text = Mask-Sids $text
  foreach ($name in @($words.Keys | Where-Object { $_ -notmatch '^S-' -and $_.Length -gt 2 -and $_ -notmatch $common } | Sort-Object { $_.Length } -Descending)) {
    $text = $text -replace ('(?<![\w-])' + ($name -replace '([\\.+*?^$(){}|\[\]])', '\$1') + '(?![\w-])'), ($words[$name] -replace '\$', '$$')
  }
  # A neighbour in a domain that is known is a machine.
  while ($text -match '(?<![\w-])(?!host-\d)([A-Za-z][\w-]*)\.(?=domain-\d)') {
    $label = $Matches[1]
    $word = Word 'host' $label
    if ($word -eq $label) { break }
    $text = $text -replace ('(?<![\w-])' + $label + '\.(?=domain-\d)'), "$word."
  }
  $text
}
# An event: fields that are called as names are, then the rest.
function Mask-Event([string]$xml) {
  $pieces = @($xml -split "((?<=<Data Name=['""][^'""]*['""]>)[^<]+(?=</Data>)|(?<=<(?:User|UserName|AccountName|Computer|ComputerName|ClientName|DomainName)>)[^<]+)")
  for ($at = 1; $at -lt $pieces.Count; $at += 2) {
    $field = if ($pieces[$at - 1] -match "(?:Name=['""]|<)([^'""<>]*)['""]?>\z") { $Matches[1] } else { '' }
    $kind = if ($field -match 'process|package|privilege|rule|control|sid\z|address|port|type|service') { '' } elseif ($field -match 'domain|realm') { 'domain' } elseif ($field -match 'user|account|member|principal') { 'user' } elseif ($field -match 'workstation|computer|server|host|machine|controller|client ?name|targetname') { 'host' } else { '' }
    if ($kind) { $pieces[$at] = Word $kind $pieces[$at] }
  }
  Mask-Text ($pieces -join '')
}
function Mask-Printed([string]$line) {
  if ($line -match '\\\\([\w.-]+)') { $null = Word 'host' $Matches[1] }
  elseif ($line -match '^([A-Za-z][\w-]*(\.[\w-]+)+)(,0x\w+)?\z') { $null = Word 'host' $Matches[1] }
  Mask-Text $line
}
$namesOf = @{ ComputerName = 'host'; Hostname = 'host'; 'NV Hostname' = 'host'; Domain = 'domain'; 'NV Domain' = 'domain'; DhcpDomain = 'domain'; ObjectName = 'user' }
function Mask-Value([string]$name, [string]$text) {
  if ($namesOf[$name]) { return Word $namesOf[$name] $text }
  $text = Mask-Sids $text
  if ($text -match '\\Users\\([^\\]+)') { $user = $Matches[1]; $text = $text.Replace('\Users\' + $user, '\Users\' + (Word 'user' $user)) }
  $text
}
try {
  $tcpip = Get-ItemProperty -LiteralPath 'Registry::HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
  Learn-Domain "$($tcpip.Domain)" ''
  $null = Word 'host' "$($tcpip.Hostname)"
} catch { }
$null = Word 'host' $env:COMPUTERNAME
$null = Word 'user' $env:USERNAME
try { Learn-Domain "$((Get-CimInstance -ClassName Win32_ComputerSystem -OperationTimeoutSec 20 -ErrorAction Stop).Domain)" '' } catch { }
if ($full) {
  try { $buffer = Read-Policy 12; Learn-Domain (Text-At $buffer (2 * [IntPtr]::Size)) (Text-At $buffer 0) } catch { }
}
`;

/** Without masked names everything stays as it is. */
export const NO_MASK = `
function Word([string]$kind, [string]$name) { $name }
function Mask-Sids([string]$text) { $text }
function Mask-Event([string]$xml) { $xml }
function Mask-Printed([string]$line) { $line }
function Mask-Value([string]$name, [string]$text) { $text }
`;
