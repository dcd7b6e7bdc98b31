local function make(n, seed)
  local m = {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do
      row[j + 1] = (i * 7 + j * 3 + seed) % 11 - 5.0
    end
    m[i + 1] = row
  end
  return m
end

local function multiply(a, b)
  local n = #a
  local c = {}
  for i = 1, n do
    local row = {}
    local left = a[i]
    for j = 1, n do
      local sum = 0.0
      for k = 1, n do
        sum = sum + left[k] * b[k][j]
      end
      row[j] = sum
    end
    c[i] = row
  end
  return c
end

local n = 300
local c = multiply(make(n, 1), make(n, 2))
local trace = 0.0
for i = 1, n do
  trace = trace + c[i][i]
end
print(string.format("%d %d", trace, c[4][8]))
