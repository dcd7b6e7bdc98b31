-- Lua 5.4 halves integers with `//`; where all numbers are doubles the plain division is exact here.
local text = [[
local best, best_length = 0, 0
for start = 1, 199999 do
  local n = start
  local count = 1
  while n ~= 1 do
    if n % 2 == 0 then
      n = n // 2
    else
      n = n * 3 + 1
    end
    count = count + 1
  end
  if count > best_length then
    best_length = count
    best = start
  end
end
return best, best_length
]]
if jit then text = text:gsub("//", "/") end
print(string.format("%d %d", (loadstring or load)(text)()))
