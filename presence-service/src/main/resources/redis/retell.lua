-- Begins taking over the whole set of a gateway: what follows are changes (observe.lua) from what is known to what was told.
--
-- asked: gateway, token (stands for its version until the last change is in, so that nobody else's change fits between).
-- result: connection, record, connection, record, … as known now.

begin()

-- A new incarnation of a name ends the old one at once.
local name = string.match(asked.gateway, '^(.*)%.[^.]*$')
for _, other in ipairs(redis.call('ZRANGE', key('leases'), 0, -1)) do
  if name and other ~= asked.gateway and string.match(other, '^(.*)%.[^.]*$') == name then
    lapse(other, now)
  end
end

redis.call('ZREM', key('lapsed'), asked.gateway)
redis.call('HSET', key('versions'), asked.gateway, asked.token)
renew(asked.gateway)
return answer(redis.call('HGETALL', key('connections', asked.gateway)))
