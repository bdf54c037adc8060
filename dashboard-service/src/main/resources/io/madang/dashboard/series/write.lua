-- Takes the sample of one second, unless some node was faster: every dashboard node calls this each second, and this script
-- alone decides, by the clock of Redis, which of them makes the line.
--
-- KEYS  1 epoch  2 clock  3 heads  4 current  5 dashboard  then for each metric: its points, its samples
-- ARGV  1 an epoch to use if there is none  2 window in seconds  3 seconds from one dashboard event to the next
--       4 members of the dashboard  then for each metric: its name, its number, the members of its sample
-- Answers {taken, epoch, second, milliseconds within it, offset of the dashboard event or 0, offset of each metric…}

local now = redis.call('TIME')
local second = tonumber(now[1])
local millis = math.floor(tonumber(now[2]) / 1000)
local window = tonumber(ARGV[2])
local metrics = (#KEYS - 5) / 2

local last = tonumber(redis.call('HGET', KEYS[2], 'second') or '-1')
if second <= last and last - second < window then
  return {0, '', second, millis, 0}
end
if second < last then
  -- The clock was set back by more than is kept: what is there belongs to no time that will come again soon. Whoever has
  -- some of it must begin anew, so the epoch is another one.
  redis.call('DEL', KEYS[1])
  for i = 6, #KEYS do
    redis.call('DEL', KEYS[i])
  end
  redis.call('HDEL', KEYS[2], 'dashboard')
end
redis.call('HSET', KEYS[2], 'second', second)

local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
end
epoch = epoch .. '.' .. string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')

local time = string.format('%d000', second)
local answer = {1, epoch, second, millis, 0}

local board = '{"time":' .. time .. ',' .. ARGV[4] .. '}'
redis.call('SET', KEYS[4], board)
local every = tonumber(ARGV[3])
local told = tonumber(redis.call('HGET', KEYS[2], 'dashboard') or '-1')
if math.floor(second / every) > math.floor(told / every) then
  redis.call('HSET', KEYS[2], 'dashboard', second)
  redis.call('SET', KEYS[5], board)
  answer[5] = redis.call('HINCRBY', KEYS[3], 'dashboard', 1)
end

for m = 1, metrics do
  local points = KEYS[4 + 2 * m]
  local samples = KEYS[5 + 2 * m]
  local name = ARGV[2 + 3 * m]
  redis.call('RPUSH', points, '[' .. time .. ',' .. ARGV[3 + 3 * m] .. ']')
  redis.call('RPUSH', samples, '{"time":' .. time .. ',' .. ARGV[4 + 3 * m] .. '}')
  redis.call('LTRIM', points, -window, -1)
  redis.call('LTRIM', samples, -window, -1)
  -- After a pause there are fewer than a window of points, and some of them are too old.
  local oldest = redis.call('LINDEX', points, 0)
  while tonumber(string.match(oldest, '^%[(%d+)000,')) <= second - window do
    redis.call('LPOP', points)
    redis.call('LPOP', samples)
    oldest = redis.call('LINDEX', points, 0)
  end
  answer[5 + m] = redis.call('HINCRBY', KEYS[3], 'metric:' .. name, 1)
end
return answer
