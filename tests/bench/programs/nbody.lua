local sqrt = math.sqrt

local function advance(bodies, dt)
  local count = #bodies
  for i = 1, count do
    local a = bodies[i]
    for j = i + 1, count do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local dz = a.z - b.z
      local d2 = dx * dx + dy * dy + dz * dz
      local mag = dt / (d2 * sqrt(d2))
      local mi = a.mass * mag
      local mj = b.mass * mag
      a.vx = a.vx - dx * mj
      a.vy = a.vy - dy * mj
      a.vz = a.vz - dz * mj
      b.vx = b.vx + dx * mi
      b.vy = b.vy + dy * mi
      b.vz = b.vz + dz * mi
    end
  end
  for i = 1, count do
    local b = bodies[i]
    b.x = b.x + dt * b.vx
    b.y = b.y + dt * b.vy
    b.z = b.z + dt * b.vz
  end
end

local function energy(bodies)
  local count = #bodies
  local e = 0.0
  for i = 1, count do
    local a = bodies[i]
    local speed2 = a.vx * a.vx + a.vy * a.vy + a.vz * a.vz
    e = e + 0.5 * a.mass * speed2
    for j = i + 1, count do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local dz = a.z - b.z
      e = e - a.mass * b.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return e
end

local bodies = {}
for i = 0, 4 do
  local t = i + 0.0
  bodies[i + 1] = {x = t * 6.0, y = 4.0 - t, z = 0.25 * t * t, vx = 0.1 * t, vy = 0.3 - 0.05 * t, vz = 0.02 * t,
                   mass = 1.0 + 0.5 * t}
end
print(string.format("%.9f", energy(bodies)))
for _ = 1, 200000 do
  advance(bodies, 0.001)
end
print(string.format("%.9f", energy(bodies)))
