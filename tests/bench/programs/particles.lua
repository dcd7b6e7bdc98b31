local function step(p)
  p.x = p.x + p.vx
  p.y = p.y + p.vy
  if p.x < 0.0 or p.x > 64.0 then
    p.vx = -p.vx
    p.bounces = p.bounces + 1
  end
  if p.y < 0.0 or p.y > 64.0 then
    p.vy = -p.vy
    p.bounces = p.bounces + 1
  end
end

local particles = {}
for i = 0, 999 do
  particles[i + 1] = {x = i % 64 + 0.0, y = i * 7 % 64 + 0.0, vx = (i % 17 - 8) * 0.125, vy = (i % 13 - 6) * 0.25,
                      bounces = 0}
end
for _ = 1, 8000 do
  for i = 1, #particles do
    step(particles[i])
  end
end
local bounces, sum = 0, 0.0
for i = 1, #particles do
  bounces = bounces + particles[i].bounces
  sum = sum + (particles[i].x + particles[i].y)
end
print(string.format("%d %.3f", bounces, sum))
