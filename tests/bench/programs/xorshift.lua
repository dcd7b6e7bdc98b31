-- Lua 5.4 has operators on bits, LuaJIT a library; the loop is compiled from the one that fits.
local operators = [[
local x, sum = 2463534242, 0
for _ = 1, 15000000 do
  x = (x ~ (x << 13)) & 0xffffffff
  x = x ~ (x >> 17)
  x = (x ~ (x << 5)) & 0xffffffff
  sum = (sum + (x & 0xff)) & 0xffffff
end
return x & 0xffffff, sum
]]
local library = [[
local band, bxor, lshift, rshift = bit.band, bit.bxor, bit.lshift, bit.rshift
local x, sum = 2463534242, 0
for _ = 1, 15000000 do
  x = bxor(x, lshift(x, 13))
  x = bxor(x, rshift(x, 17))
  x = bxor(x, lshift(x, 5))
  sum = band(sum + band(x, 0xff), 0xffffff)
end
return band(x, 0xffffff), sum
]]
local x, sum = (loadstring or load)(jit and library or operators)()
print(string.format("%d %d", x, sum))
