/** Files: size, time, security, version, content; nothing is opened for writing, and what is open elsewhere is shared. */
export const FILES = String.raw`
# A path on the system drive, as this PowerShell reaches it.
function Real-Path([string]$path) {
  if ($path -like '\Windows\System32\*') { return $system32 + $path.Substring(17) }
  if ($path -like '\Windows\*') { return $env:windir + $path.Substring(8) }
  "$env:SystemDrive$path"
}

# The item, or nothing where it is not there: believed only where the folder above it could be listed.
function Find-Item([string]$path) {
  try { return Get-Item -LiteralPath $path -Force -ErrorAction Stop }
  catch { if ($_.CategoryInfo.Reason -ne 'ItemNotFoundException') { throw } }
  $above = Split-Path -Parent $path
  if ($above -and (Find-Item $above)) { $null = Get-ChildItem -LiteralPath $above -Force -ErrorAction Stop | Select-Object -First 1 }
}

# @param $tell what a line says of an item that is there, after its path
function Tell-Item([string]$word, [string]$path, $tell) {
  try {
    $item = Find-Item (Real-Path $path)
    if ($item) { $said = @(& $tell $item); Line $word $path 'present' @said } else { Line $word $path 'absent' }
  } catch { $why = @(Reason $_); Line $word $path @why }
}

function Facts-Of($item, [bool]$withSecurity) {
  $item.Length
  Utc $item.LastWriteTimeUtc
  if ($withSecurity -and $full -and -not $masking) {
    try { [Convert]::ToBase64String((Get-Acl -LiteralPath $item.FullName -ErrorAction Stop).GetSecurityDescriptorBinaryForm()) } catch { }
  }
}
function Read-File([string]$path, [bool]$withSecurity) { Tell-Item 'file' $path { param($item) Facts-Of $item $withSecurity } }

function Read-Version([string]$path) {
  Tell-Item 'version' $path {
    param($item)
    $version = $item.VersionInfo
    $version.FileMajorPart, $version.FileMinorPart, $version.FileBuildPart, $version.FilePrivatePart -join '.'
  }
}

function Read-Content([string]$path, [int]$limit) {
  Tell-Item 'content' $path {
    param($item)
    if ($masking) { throw 'its bytes may hold names, and names are masked' }
    if (-not $full) {
      $how = if ($PSVersionTable.PSVersion.Major -ge 6) { @{ AsByteStream = $true } } else { @{ Encoding = 'Byte' } }
      $bytes = @(Get-Content -LiteralPath $item.FullName @how -TotalCount $limit -ErrorAction Stop)
      return 'hex', (@(foreach ($byte in $bytes) { '{0:X2}' -f $byte }) -join '')
    }
    $stream = New-Object IO.FileStream($item.FullName, 'Open', 'Read', 'ReadWrite, Delete')
    try {
      $bytes = New-Object byte[] ([Math]::Min($limit, $stream.Length))
      $count = 0
      while ($count -lt $bytes.Length -and ($read = $stream.Read($bytes, $count, $bytes.Length - $count))) { $count += $read }
      'bytes', [Convert]::ToBase64String($bytes, 0, $count)
    } finally { $stream.Close() }
  }
}

function Read-Folder([string]$path) {
  Tell-Item 'folder' $path { param($item) Get-ChildItem -LiteralPath $item.FullName -Force -Name -ErrorAction Stop }
}

# The newest files of a folder.
function Read-Listing([string]$path, [int]$limit) {
  try {
    $folder = Find-Item (Real-Path $path)
    if (-not $folder) { Line 'listing' $path 'absent'; return }
    $all = @(Get-ChildItem -LiteralPath $folder.FullName -Force -ErrorAction Stop | Sort-Object LastWriteTimeUtc -Descending)
    $some = @($all | Select-Object -First $limit)
    Line 'listing' $path 'present' $(if ($some.Count -eq $all.Count) { 'all' } else { 'newest' })
    foreach ($item in $some) { $facts = @(Facts-Of $item $true); Line 'file' "$path\$($item.Name)" 'present' @facts }
  } catch { $why = @(Reason $_); Line 'listing' $path @why }
}
`;
