local function squares(count)
  local values = {}
  for i = 0, count - 1 do
    values[#values + 1] = i * i
  end
  return values
end

local sum = 0
for i = 0, 399999 do
  local values = squares(i % 40)
  sum = (sum + #values) % 1000003
  for k = 1, #values do
    sum = (sum + values[k]) % 1000003
  end
end
print(string.format("%d", sum))
