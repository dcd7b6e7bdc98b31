local sum = 0
for i = 0, 2999999 do
  local step = function(x) return x * 3 + i end
  sum = (step(sum) + step(1)) % 65521
end
print(string.format("%d", sum))
