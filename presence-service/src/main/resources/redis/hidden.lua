-- Tells which users chose not to be seen.
--
-- asked: users.
-- result: the users of these.

local hidden = {}
for _, user in ipairs(asked.users) do
  if redis.call('HGET', key('status', user), 'status') == 'invisible' then
    hidden[#hidden + 1] = user
  end
end
return answer(hidden)
