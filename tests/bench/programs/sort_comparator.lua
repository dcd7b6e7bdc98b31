local size = 100000
local checksum = 0
for round = 0, 4 do
  local items = {}
  local seed = 42 + round
  for i = 0, size - 1 do
    seed = (seed * 1103 + 12345) % 1000003
    items[i + 1] = {key = seed, weight = i}
  end
  table.sort(items, function(a, b)
    if a.key ~= b.key then return a.key < b.key end
    return a.weight < b.weight
  end)
  for i = 1, size do
    checksum = (checksum * 31 + items[i].key + items[i].weight) % 65521
  end
end
print(string.format("%d", checksum))
