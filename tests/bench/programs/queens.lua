local function place(board, row)
  if row == board.size then
    board.solutions = board.solutions + 1
    return
  end
  for column = 0, board.size - 1 do
    local up = row + column
    local down = row - column + board.size
    if not board.columns[column] and not board.rising[up] and not board.falling[down] then
      board.columns[column] = true
      board.rising[up] = true
      board.falling[down] = true
      place(board, row + 1)
      board.columns[column] = false
      board.rising[up] = false
      board.falling[down] = false
    end
  end
end

local board = {size = 12, columns = {}, rising = {}, falling = {}, solutions = 0}
for i = 0, 24 do
  board.columns[i], board.rising[i], board.falling[i] = false, false, false
end
place(board, 0)
print(string.format("%d", board.solutions))
