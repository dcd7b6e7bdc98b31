local function sift_down(a, start, last)
  local root = start
  while root * 2 + 1 <= last do
    local child = root * 2 + 1
    if child + 1 <= last and a[child] < a[child + 1] then child = child + 1 end
    if a[root] >= a[child] then return end
    a[root], a[child] = a[child], a[root]
    root = child
  end
end

local size = 300000
local half = size / 2
local a = {}
local seed = 99
for i = 0, size - 1 do
  seed = (seed * 1103 + 12345) % 1000003
  a[i] = seed * 0.5
end
for i = math.floor(half) - 1, 0, -1 do
  sift_down(a, i, size - 1)
end
local last = size - 1
while last > 0 do
  a[0], a[last] = a[last], a[0]
  last = last - 1
  sift_down(a, 0, last)
end
local ordered = true
for i = 1, size - 1 do
  if a[i - 1] > a[i] then ordered = false end
end
print(string.format("%s %.1f %.1f", tostring(ordered), a[0], a[size - 1]))
