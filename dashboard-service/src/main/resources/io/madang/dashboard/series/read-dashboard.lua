-- Where the dashboard stands, and its last event, or the values of the last second.
--
-- KEYS  1 epoch  2 heads  3 dashboard or current
-- ARGV  1 an epoch to use if there is none
-- Answers {epoch, head, JSON or ''}

local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
end
epoch = epoch .. '.' .. string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
return {epoch, tonumber(redis.call('HGET', KEYS[2], 'dashboard') or '0'), redis.call('GET', KEYS[3]) or ''}
