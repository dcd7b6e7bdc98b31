local function distance(a, b, previous, current)
  local columns = #b
  for j = 0, columns do
    previous[j] = j
  end
  for i = 1, #a do
    current[0] = i
    local letter = a[i]
    for j = 0, columns - 1 do
      local best = previous[j] + (letter == b[j + 1] and 0 or 1)
      if previous[j + 1] + 1 < best then best = previous[j + 1] + 1 end
      if current[j] + 1 < best then best = current[j] + 1 end
      current[j + 1] = best
    end
    for j = 0, columns do
      previous[j] = current[j]
    end
  end
  return previous[columns]
end

local function letters(count, start)
  local text = {}
  local seed = start
  for i = 1, count do
    seed = (seed * 1103 + 12345) % 1000003
    text[i] = seed % 4
  end
  return text
end

print(string.format("%d", distance(letters(2500, 1), letters(2500, 2), {}, {})))
