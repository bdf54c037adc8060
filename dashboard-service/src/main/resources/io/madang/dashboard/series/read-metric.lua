-- Where a metric stands, and its samples after an offset, or all its points when the offset is not in the window.
--
-- KEYS  1 epoch  2 heads  3 points  4 samples
-- ARGV  1 an epoch to use if there is none  2 name of the metric  3 epoch asked for  4 offset asked for  5 most samples
-- Answers {epoch, head, second, recovered, samples…} or {epoch, head, second, 0, last sample or '', points…}

local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
end
epoch = epoch .. '.' .. string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')

local head = tonumber(redis.call('HGET', KEYS[2], 'metric:' .. ARGV[2]) or '0')
local kept = redis.call('LLEN', KEYS[4])
local second = tonumber(redis.call('TIME')[1])
local since = tonumber(ARGV[4])

if ARGV[3] == epoch and since <= head and since >= head - kept then
  local answer = {epoch, head, second, 1}
  local first = kept - (head - since)
  local found = redis.call('LRANGE', KEYS[4], first, first + tonumber(ARGV[5]) - 1)
  if tonumber(ARGV[5]) > 0 and first < kept then
    for i = 1, #found do
      answer[4 + i] = found[i]
    end
  end
  return answer
end

local answer = {epoch, head, second, 0, redis.call('LINDEX', KEYS[4], -1) or ''}
local points = redis.call('LRANGE', KEYS[3], 0, -1)
for i = 1, #points do
  answer[5 + i] = points[i]
end
return answer
