local first = {value = 0}
local last = first
for i = 1, 999 do
  last.next = {value = i}
  last = last.next
end
local sum = 0
for i = 0, 2999999 do
  last.next = {value = i % 1000}
  last = last.next
  local gone = first
  first = first.next
  sum = (sum + gone.value) % 1000003
end
print(string.format("%d", sum))
