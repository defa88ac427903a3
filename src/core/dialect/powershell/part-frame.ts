/**
 * What every script begins with: how lines are written so that a paste does not harm them (script/dense.ts), and the
 * frame around them (script/frame.ts). Where the language mode allows it everything is compressed in parts, of
 * which each stands for itself; elsewhere each section is written plainly.
 */
export const FRAME = String.raw`
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
Set-StrictMode -Off
$full = "$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage'
$system32 = if ($env:PROCESSOR_ARCHITEW6432) { "$env:windir\Sysnative" } else { "$env:windir\System32" }

# One field of a line: no white space, nothing that a mail client or an editor changes.
function Dense([string]$text) {
  if ($text -cmatch '^[-A-Za-z0-9./\\:(){}@$*+=?!]*\z') { return $text }
  $dense = $text -creplace '%', '%25' -creplace '_', '%5F' -creplace ' ', '_' -creplace '\|', '%7C' -creplace ',', '%2C' -creplace ';', '%3B'
  $dense = $dense -creplace '<', '%3C' -creplace '>', '%3E' -creplace '"', '%22' -creplace "'", '%27' -creplace '\r', '%0D' -creplace '\n', '%0A'
  if ($dense -cmatch '^[-A-Za-z0-9./\\:(){}@$*+=?!_%]*\z') { return $dense }
  @(foreach ($letter in [char[]]$dense) {
    if ("$letter" -cmatch '^[-A-Za-z0-9./\\:(){}@$*+=?!_%]\z') { "$letter" } else { '%u{0:X4}' -f [int]$letter }
  }) -join ''
}
function Line { @(foreach ($field in $args) { Dense "$field" }) -join '|' }
function Utc($time) { '{0:o}' -f $time.ToUniversalTime() }

# Why something could not be read: the kind of error, never its text, which is in the language of the machine.
function Reason($problem) {
  # What this script throws itself.
  if ($problem.FullyQualifiedErrorId -eq "$($problem.Exception.Message)") { return 'unknown', 'no-channel', $problem.FullyQualifiedErrorId }
  $names = @($problem.CategoryInfo.Reason)
  for ($inner = $problem.Exception; $inner; $inner = $inner.InnerException) {
    if ($inner.HResult -eq -2147024891) { return 'unknown', 'denied', 'access is denied' }
    if ($full) { $names += $inner.GetType().Name }
  }
  if (@($names -match '^(SecurityException|UnauthorizedAccessException|PermissionDeniedException)$').Count) { return 'unknown', 'denied', 'access is denied' }
  'unknown', 'no-channel', (@($names | Where-Object { $_ }) | Select-Object -Last 1)
}

$held = @{ text = ''; count = 0 }
function Section([int]$number, $work) {
  $lines = @(try { & $work } catch { $why = @(Reason $_); Line 'failed' $why[2] })
  $body = if ($lines.Count) { ($lines -join ';') + ';' } else { '' }
  $end = "[/${'$'}{number}:$($lines.Count):$($body.Length)]"
  if ($full) {
    $held.text += "[$number]$body$end"
    if ($held.text.Length -gt 8000) { Send-Held }
    return
  }
  $held.count++
  "[$number]"
  $body -split '(.{64})' | Where-Object { $_ }
  $end
}
function Send-Held {
  if (-not $held.text) { return }
  $memory = New-Object IO.MemoryStream
  $gzip = New-Object IO.Compression.GZipStream($memory, [IO.Compression.CompressionMode]::Compress)
  $bytes = [Text.Encoding]::ASCII.GetBytes($held.text)
  $gzip.Write($bytes, 0, $bytes.Length)
  $gzip.Close()
  $packed = $memory.ToArray()
  # This provider of SHA-256 works where Windows is limited to FIPS 140 algorithms, too.
  $hash = [Convert]::ToBase64String((New-Object Security.Cryptography.SHA256CryptoServiceProvider).ComputeHash($packed))
  $body = [Convert]::ToBase64String($packed)
  $held.count++
  $held.text = ''
  "[z$($held.count)]"
  for ($at = 0; $at -lt $body.Length; $at += 64) { $body.Substring($at, [Math]::Min(64, $body.Length - $at)) }
  "[/z$($held.count):$($body.Length):$hash]"
}
`;
