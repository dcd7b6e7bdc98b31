local size = 100000
local a = {}
for i = 0, size - 1 do
  a[i + 1] = (i * 37) % 1001
end
local sum = 0
for _ = 1, 200 do
  local low, high = 1, size
  while low < high do
    local t = a[low]
    a[low] = a[high]
    a[high] = t
    low = low + 1
    high = high - 1
  end
  for i = 1, size do
    sum = (sum + a[i]) % 1000003
  end
end
print(string.format("%d %d", sum, a[6]))
