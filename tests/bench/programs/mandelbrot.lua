local size = 600
local limit = 150
local total = 0
for py = 0, size - 1 do
  local ci = 2.0 * py / size - 1.0
  for px = 0, size - 1 do
    local cr = 3.0 * px / size - 2.0
    local zr, zi = 0.0, 0.0
    local count = 0
    while count < limit do
      local zr2 = zr * zr
      local zi2 = zi * zi
      if zr2 + zi2 > 4.0 then break end
      zi = 2.0 * zr * zi + ci
      zr = zr2 - zi2 + cr
      count = count + 1
    end
    total = total + count
  end
end
print(string.format("%d", total))
