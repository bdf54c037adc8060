-- Notes which rules are broken in the second just taken, and tells which were not before or are no more. Only the node whose sample
-- was taken calls this, so each change is told once.
--
-- KEYS  1 alerts
-- ARGV  for each rule that can be judged: its text, 1 or 0
-- Answers the texts of those that changed

local changed = {}
for i = 1, #ARGV, 2 do
  local isNew
  if ARGV[i + 1] == '1' then
    isNew = redis.call('HSETNX', KEYS[1], ARGV[i], '1')
  else
    isNew = redis.call('HDEL', KEYS[1], ARGV[i])
  end
  if isNew == 1 then
    changed[#changed + 1] = ARGV[i]
  end
end
return changed
