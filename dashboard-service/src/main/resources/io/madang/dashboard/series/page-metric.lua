-- One page of a metric's window.
--
-- KEYS  1 epoch  2 heads  3 samples
-- ARGV  1 an epoch to use if there is none  2 name of the metric  3 only after this offset, or ''
--       4 only before this offset, or ''; neither: the newest  5 most samples
-- Answers {epoch, head, offset before the first of the page, samples…}

local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
end
epoch = epoch .. '.' .. string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')

local head = tonumber(redis.call('HGET', KEYS[2], 'metric:' .. ARGV[2]) or '0')
local kept = redis.call('LLEN', KEYS[3])
local lowest = head - kept
local most = tonumber(ARGV[5])
local from, to
if ARGV[3] ~= '' then
  from = math.min(math.max(tonumber(ARGV[3]), lowest), head)
  to = math.min(from + most, head)
else
  to = head
  if ARGV[4] ~= '' then
    to = math.max(math.min(tonumber(ARGV[4]) - 1, head), lowest)
  end
  from = math.max(to - most, lowest)
end

local answer = {epoch, head, from}
if to > from then
  local found = redis.call('LRANGE', KEYS[3], from - lowest, to - lowest - 1)
  for i = 1, #found do
    answer[3 + i] = found[i]
  end
end
return answer
