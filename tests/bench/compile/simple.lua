function step_NN(a, b)
  local c = a * NN + b
  if c > b then return c - b end
  return c + NN
end
