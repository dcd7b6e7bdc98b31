local keys_made = {}
for i = 0, 4999 do
  keys_made[i] = "key_" .. (i * 7919) % 5000 .. "_" .. i % 7
end
local counts = {}
for round = 0, 1499 do
  for i = 0, 4999 do
    local key = keys_made[(i * 31 + round) % 5000]
    counts[key] = (counts[key] or 0) + i % 3
  end
end
local sum, size = 0, 0
for i = 0, 4999 do
  sum = (sum + (counts[keys_made[i]] or 0) * (i % 10 + 1)) % 1000003
end
for _ in pairs(counts) do
  size = size + 1
end
print(string.format("%d %d", size, sum))
