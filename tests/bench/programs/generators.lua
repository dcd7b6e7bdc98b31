-- Coroutines: a chain of them, and a recursive one that walks a tree in order.
local function build(from, to)
  if from > to then return nil end
  local middle = math.floor((from + to) / 2)
  return { value = middle, left = build(from, middle - 1), right = build(middle + 1, to) }
end

local yield = coroutine.yield

local function walk(node)
  return coroutine.wrap(function()
    if node then
      for x in walk(node.left) do yield(x) end
      yield(node.value)
      for x in walk(node.right) do yield(x) end
    end
  end)
end

local function numbers(limit)
  return coroutine.wrap(function()
    local i = 0
    while i < limit do
      yield(i)
      i = i + 1
    end
  end)
end

local function odd(source)
  return coroutine.wrap(function()
    for x in source do
      if x % 2 == 1 then yield(x) end
    end
  end)
end

local total = 0
for x in odd(numbers(5000000)) do total = (total + x) % 268435456 end
local root = build(1, 65535)
for i = 1, 4 do
  for x in walk(root) do total = (total * 31 + x) % 268435456 end
end
print(string.format("%d", total))
