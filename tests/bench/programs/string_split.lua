local function count_words(text, counts)
  local from = 1
  while true do
    local to = string.find(text, " ", from, true)
    local word
    if to then word = string.sub(text, from, to - 1) else word = string.sub(text, from) end
    counts[word] = (counts[word] or 0) + 1
    if not to then break end
    from = to + 1
  end
end

local text = "the quick brown fox jumps over the lazy dog and the cat sleeps while the rain falls on the old roof"
local counts = {}
for _ = 1, 150000 do
  count_words(text, counts)
end
local size = 0
for _ in pairs(counts) do
  size = size + 1
end
print(string.format("%d %d %d", size, counts["the"], counts["roof"]))
