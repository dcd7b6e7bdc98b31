local t = {}
local hits = 0
for round = 0, 11 do
  for i = 0, 199999 do
    t[(i * 7919) % 1000003] = i
  end
  for i = 0, 199999 do
    if t[(i * 10007) % 1000003] then
      hits = hits + 1
    end
  end
  for i = 0, 199999 do
    if i % 3 == round % 3 then
      t[(i * 7919) % 1000003] = nil
    end
  end
end
local size = 0
for _ in pairs(t) do
  size = size + 1
end
print(string.format("%d %d", size, hits))
