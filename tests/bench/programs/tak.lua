local function tak(x, y, z)
  if y >= x then return z end
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
end

local sum = 0
for i = 0, 4 do
  sum = sum + tak(18, 12, 6 - i)
end
print(string.format("%d", sum))
