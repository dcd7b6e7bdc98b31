local function grow(depth)
  if depth == 0 then return {} end
  return {left = grow(depth - 1), right = grow(depth - 1)}
end

local function count_nodes(tree)
  if tree.left == nil then return 1 end
  return 1 + count_nodes(tree.left) + count_nodes(tree.right)
end

local total = 0
local lasting = grow(15)
for _ = 1, 250 do
  total = total + count_nodes(grow(12))
end
total = total + count_nodes(lasting)
print(string.format("%d", total))
