-- Ten million calls of methods that are overridden, over objects of three classes.
local function class(base)
  local c = setmetatable({}, { __index = base })
  c.__index = c
  return c
end

local Shape = class(nil)
function Shape:twice(scale) return self:area(scale) + self:area(scale + 1) end

local Square = class(Shape)
function Square.new(s) return setmetatable({ side = s, weight = 1 }, Square) end
function Square:area(scale) return self.side * self.side + scale end

local Box = class(Shape)
function Box.new(w, h) return setmetatable({ width = w, height = h, weight = 2 }, Box) end
function Box:area(scale) return self.width * self.height - scale end

local Line = class(Shape)
function Line.new(l) return setmetatable({ length = l, weight = 3 }, Line) end
local band = bit and bit.band or load("return function(a, b) return a & b end")()
function Line:area(scale) return band(self.length, scale) end

local shapes = {}
for i = 0, 98 do
  if i % 3 == 0 then
    shapes[#shapes + 1] = Square.new(i)
  elseif i % 3 == 1 then
    shapes[#shapes + 1] = Box.new(i, 3)
  else
    shapes[#shapes + 1] = Line.new(i)
  end
end
local total = 0
for round = 0, 33999 do
  for i = 1, #shapes do
    local shape = shapes[i]
    total = total + shape:twice(round) + shape.weight
  end
end
print(string.format("%d", total))
