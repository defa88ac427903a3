/**
 * Keys: through RegistryKey, which tells types and does not expand texts, in the 64-bit view whichever PowerShell
 * runs; in ConstrainedLanguage, which forbids its methods, through the registry provider.
 */
export const REGISTRY = String.raw`
$machine = if ($full) { [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64') }

# Nothing where the key is not there. Of a failure other than a denial OpenSubKey says the same (a damaged hive, a key
# that is being deleted): so the key above is asked whether it lists it.
function Open-Key([string]$path) {
  $key = $machine.OpenSubKey($path)
  if ($key) { return $key }
  $cut = $path.LastIndexOf('\')
  if ($cut -lt 0) { return }
  $above = Open-Key $path.Substring(0, $cut)
  if (-not $above) { return }
  $names = $above.GetSubKeyNames()
  $above.Close()
  if ($names -contains $path.Substring($cut + 1)) { throw 'it is there and cannot be opened' }
}

# @param $names the only values that are read; nothing stands for all of them
function Read-Key([string]$hive, [string]$path, [int]$depth, $names) {
  try {
    if ($full) { $key = Open-Key "$hive\$path" } else { $key = Open-ByProvider $hive $path }
  } catch { $why = @(Reason $_); Line 'key' $hive $path @why; return }
  if (-not $key) { Line 'key' $hive $path 'absent'; return }
  Line 'key' $hive $path 'present'
  if ($null -ne $names) { Line 'only' @names }
  if ($full) { Read-Values $key $names } else { Read-ValuesByProvider $key $names }
  $subkeys = @()
  try {
    if ($full) { $subkeys = @($key.GetSubKeyNames()); $key.Close() }
    else {
      $subkeys = @(Get-ChildItem -LiteralPath $key.PSPath -Name -ErrorAction SilentlyContinue)
      if ($subkeys.Count -ne $key.SubKeyCount) { $subkeys = @(); throw 'some are not listed' }
    }
    Line 'subkeys' @subkeys
  } catch { $why = @(Reason $_); Line 'no-subkeys' $why[2] }
  if ($depth -gt 0) { foreach ($name in $subkeys) { Read-Key $hive "$path\$name" ($depth - 1) $names } }
}

function Read-Values($key, $names) {
  # A value that is deleted meanwhile ends the listing with an error.
  try { $present = $key.GetValueNames() } catch { $why = @(Reason $_); Line 'error' $why[2]; return }
  foreach ($name in $present) {
    if ($null -ne $names -and $names -notcontains $name) { continue }
    try {
      $type = [int]$key.GetValueKind($name)
      $data = $key.GetValue($name, $null, 'DoNotExpandEnvironmentNames')
      # .NET calls REG_NONE -1 and every type that it does not know 0.
      if ($type -eq 0) { Line 'error' 'a value has a type that PowerShell does not tell'; continue }
      Write-Value $name $(if ($type -eq -1) { 0 } else { $type }) $data
    } catch { $why = @(Reason $_); Line 'error' $why[2] }
  }
}

function Write-Value([string]$name, [int]$type, $data) {
  if ($data -is [int]) { Line 'value' $name $type 'number' ('{0:X8}' -f $data) }
  elseif ($data -is [long]) { Line 'value' $name $type 'number' ('{0:X16}' -f $data) }
  elseif ($data -is [string]) { Line 'value' $name $type 'text' (Mask-Value $name $data) }
  elseif ($masking -and $data -is [byte[]] -and $data.Length -gt 20) { Line 'value' $name $type 'masked' }
  elseif ($data -is [byte[]] -and $full) { Line 'value' $name $type 'bytes' ([Convert]::ToBase64String($data)) }
  elseif ($data -is [byte[]]) { Line 'value' $name $type 'hex' (@(foreach ($byte in $data) { '{0:X2}' -f $byte }) -join '') }
  elseif ($data -is [array]) { $texts = @(foreach ($one in $data) { Mask-Value $name $one }); Line 'value' $name $type 'texts' @texts }
  else { Line 'error' 'a value has data that PowerShell does not tell' }
}

# Without methods: nothing where the key does not exist.
function Open-ByProvider([string]$hive, [string]$path) {
  if ($path.Contains('/')) { throw 'the registry provider takes a slash for a backslash' }
  if ($env:PROCESSOR_ARCHITEW6432 -and $hive -eq 'SOFTWARE') { throw 'a 32-bit PowerShell sees other keys' }
  try { Get-Item -LiteralPath "Registry::HKEY_LOCAL_MACHINE\$hive\$path" -ErrorAction Stop }
  catch {
    if ($_.CategoryInfo.Reason -ne 'ItemNotFoundException') { throw }
    if ($hive -eq 'SECURITY' -or $hive -eq 'SAM') { throw 'only SYSTEM sees whether it is there' }
  }
}

function Read-ValuesByProvider($key, $names) {
  # One value whose data does not fit its type, and none is told.
  try { $values = Get-ItemProperty -LiteralPath $key.PSPath -ErrorAction Stop } catch { $why = @(Reason $_); Line 'error' $why[2]; return }
  foreach ($property in $key.Property) {
    $name = if ($property -eq '(default)') { '' } else { $property }
    if ($null -ne $names -and $names -notcontains $name) { continue }
    $data = $values.PSObject.Properties[$property].Value
    $type = if ($data -is [int]) { 4 } elseif ($data -is [long]) { 11 } elseif ($data -is [string]) { 1 } elseif ($data -is [byte[]]) { 3 } else { 7 }
    Write-Value $name $type $data
  }
}

# The keys of these services, and of all that they need.
function Read-Services($names) {
  $open = @($names)
  $seen = @{}
  while ($open.Count -and $seen.Count -lt 200) {
    $needed = @()
    foreach ($name in $open) {
      if (-not $name -or $seen[$name]) { continue }
      $seen[$name] = $true
      Read-Key 'SYSTEM' "CurrentControlSet\Services\$name" 0 $null
      $key = Get-ItemProperty -LiteralPath "Registry::HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\$name" -Name DependOnService -ErrorAction SilentlyContinue
      $needed += @($key.DependOnService)
    }
    $open = $needed
  }
}
`;
