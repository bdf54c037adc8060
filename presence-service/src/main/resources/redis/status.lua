-- Keeps the status that a user chose, and shows it where the user is.
--
-- asked: user, status, text.
-- result: 1.

begin()
local name = key('status', asked.user)
redis.call('DEL', name)
if asked.status ~= 'online' or asked.text ~= '' then
  redis.call('HSET', name, 'status', asked.status, 'text', asked.text)
  redis.call('PEXPIRE', name, settings.statusKeptMs)
end
settleEverywhere(asked.user)
return answer(1)
