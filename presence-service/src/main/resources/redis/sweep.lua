-- Removes who is gone: gateways whose lease ran out, then their connections, then users whose grace ended.
-- Run by every node each second; a second run finds nothing left to do, so no leader is needed.
--
-- asked: nothing. Handles about `step` things of each kind.
-- result: 1 when more wait, else 0.

begin()
local life = redis.call('HMGET', key('life'), 'swept', 'calm')
local swept, calm = tonumber(life[1]), tonumber(life[2])

if now < swept then
  -- The clock was set back: what was due soon would stay for as long as the clock jumped.
  for _, gateway in ipairs(redis.call('ZRANGE', key('leases'), 0, -1)) do
    renew(gateway)
  end
  for _, entry in ipairs(redis.call('ZRANGE', key('departures'), 0, -1)) do
    depart(entry, now)
  end
end
if now < swept or now - swept > settings.blindMs then
  -- Nobody swept, so perhaps nobody could tell anything either: one lease for all before anyone is missed.
  calm = now + settings.leaseMs
  redis.call('HSET', key('life'), 'calm', calm)
end
redis.call('HSET', key('life'), 'swept', now)

local more = flush()
if now < calm then
  return answer(more and 1 or 0)
end

local ended = redis.call('ZRANGEBYSCORE', key('leases'), '-inf', now, 'WITHSCORES')
for i = 1, #ended, 2 do
  lapse(ended[i], math.max(tonumber(ended[i + 1]), calm))
end

local lapsed = redis.call('ZRANGE', key('lapsed'), 0, 0, 'WITHSCORES')
if lapsed[1] then
  local gateway, at = lapsed[1], tonumber(lapsed[2])
  local connections = redis.call('HSCAN', key('connections', gateway), 0, 'COUNT', settings.step)[2]
  for i = 1, #connections, 2 do
    drop(gateway, connections[i], cjson.decode(connections[i + 1]), at)
  end
  if redis.call('EXISTS', key('connections', gateway)) == 0 then
    redis.call('ZREM', key('lapsed'), gateway)
  end
  more = more or redis.call('EXISTS', key('lapsed')) == 1
end

-- A room's entry comes before the user's of the same moment, by its name.
local due = redis.call('ZRANGEBYSCORE', key('departures'), '-inf', now, 'LIMIT', 0, settings.step)
for _, entry in ipairs(due) do
  redis.call('ZREM', key('departures'), entry)
  local room, member = string.match(entry, '^room\n([^\n]*)\n(.*)$')
  local user = string.match(entry, '^user\n(.*)$')
  if room and redis.call('HGET', key('room', room), member) == '0' then
    redis.call('HDEL', key('room', room), member)
    redis.call('SREM', key('rooms', member), room)
    settleRoom(room, member)
  elseif user and redis.call('EXISTS', key('devices', user)) == 0 then
    redis.call('DEL', key('user', user))
    -- Idle says something of a connection; the other states are a choice that outlives it.
    if redis.call('HGET', key('status', user), 'status') == 'idle' then
      redis.call('HDEL', key('status', user), 'status')
    end
    markOnline(user)
  end
end
return answer((more or #due == settings.step) and 1 or 0)
