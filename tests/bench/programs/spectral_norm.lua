-- Lua 5.4 divides integers with `//`; where all numbers are doubles the plain division is exact here.
local text = [[
return function(i, j)
  local ij = i + j
  return 1.0 / (ij * (ij + 1) // 2 + i + 1)
end
]]
if jit then text = text:gsub("//", "/") end
local a = (loadstring or load)(text)()

local function times(n, v, result, transposed)
  for i = 0, n - 1 do
    local sum = 0.0
    for j = 0, n - 1 do
      local f
      if transposed then f = a(j, i) else f = a(i, j) end
      sum = sum + f * v[j + 1]
    end
    result[i + 1] = sum
  end
end

local n = 500
local u, v, t = {}, {}, {}
for i = 1, n do
  u[i], v[i], t[i] = 1.0, 0.0, 0.0
end
for _ = 1, 10 do
  times(n, u, t, false)
  times(n, t, v, true)
  times(n, v, t, false)
  times(n, t, u, true)
end
local vbv, vv = 0.0, 0.0
for i = 1, n do
  vbv = vbv + u[i] * v[i]
  vv = vv + v[i] * v[i]
end
print(string.format("%.9f", math.sqrt(vbv / vv)))
