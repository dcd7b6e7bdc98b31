local total = 0
for i = 0, 1399999 do
  local name = "item" .. i % 1000 .. ":" .. i * 7 % 13
  total = total + #name
end
local parts = {}
for i = 0, 399999 do
  parts[#parts + 1] = "part "
  parts[#parts + 1] = i
  parts[#parts + 1] = ";"
end
local text = table.concat(parts)
print(string.format("%d %d", total, #text))
