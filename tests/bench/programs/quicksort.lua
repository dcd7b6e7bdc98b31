local text = [[
local function quicksort(a, low, high)
  local i, j = low, high
  local pivot = a[(low + high) // 2]
  while i <= j do
    while a[i] < pivot do i = i + 1 end
    while a[j] > pivot do j = j - 1 end
    if i <= j then
      a[i], a[j] = a[j], a[i]
      i = i + 1
      j = j - 1
    end
  end
  if low < j then quicksort(a, low, j) end
  if i < high then quicksort(a, i, high) end
end
return quicksort
]]
if jit then text = text:gsub("%(low %+ high%) // 2", "(low + high - (low + high) %% 2) / 2") end
local quicksort = (loadstring or load)(text)()

local size = 300000
local a = {}
for i = 0, size - 1 do
  a[i] = 0
end
local checksum = 0
for round = 0, 3 do
  local seed = 7 + round
  for i = 0, size - 1 do
    seed = (seed * 1103 + 12345) % 1000003
    a[i] = seed
  end
  quicksort(a, 0, size - 1)
  for i = 0, size - 1 do
    checksum = (checksum * 31 + a[i]) % 65521
  end
end
print(string.format("%d %d %d", checksum, a[0], a[size - 1]))
