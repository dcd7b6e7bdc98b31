local text = [[
local function make_adder(amount)
  return function(x) return x + amount end
end

local function make_counter(start)
  return function()
    start = start + 1
    return start
  end
end

local add_three = make_adder(3)
local add_seven = make_adder(7)
local counter = make_counter(0)
local sum = 0
for i = 0, 4999999 do
  sum = (add_three(sum) + add_seven(i) + counter()) % 1048576
end
return sum
]]
print(string.format("%d", (loadstring or load)(text)()))
