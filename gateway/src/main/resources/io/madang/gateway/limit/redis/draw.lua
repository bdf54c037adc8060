-- Draws a share of what one user may ask.
-- KEYS: the user's bucket. ARGV: requests per second, burst, requests let through already, requests wanted.
-- Answers what is granted and, when that is nothing, the milliseconds until there is something.
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local owed, wanted = tonumber(ARGV[3]), tonumber(ARGV[4])

-- A debt beyond a minute's worth would punish longer than anybody remembers why.
local deepest = -60 * rate

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local bucket = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(bucket[1]) or burst
local at = tonumber(bucket[2]) or now

left = math.min(burst, left + math.max(0, now - at) * rate / 1000)
left = math.max(deepest, left - owed)
local granted = math.max(0, math.min(wanted, math.floor(left)))
left = left - granted

-- Written as text with a set precision: a number in exponent form would not be read back alike.
redis.call('HSET', KEYS[1], 'left', string.format('%.3f', left), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - left) * 1000 / rate) + 1000)

local wait = 0
if granted == 0 then
  wait = math.ceil((1 - left) * 1000 / rate)
end
return {granted, wait}
