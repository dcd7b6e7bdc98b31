local function each_number(count, visit)
  for i = 0, count - 1 do
    visit(i)
  end
end

local sum, odd = 0, 0
for _ = 1, 200 do
  each_number(80000, function(i)
    sum = (sum + i) % 1000003
    if i % 2 == 1 then odd = odd + 1 end
  end)
end
print(string.format("%d %d", sum, odd))
