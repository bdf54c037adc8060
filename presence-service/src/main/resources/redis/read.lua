-- Tells where a topic stands and what came after a position, or who is there: one look, so nothing slips between.
--
-- asked: topic, epoch and offset (the position continued from; epoch "" for none), limit of publications,
--        people (how many in a snapshot; 0 for none), gateways (which live now).
-- result: {settling, epoch, offset, recovered, publications, count, snapshot}
--   settling      1 when a gateway that lives has not told its set in this young life, so people may be missing
--   recovered     1 when the publications continue the position without a hole
--   publications  {offset, time, event, user, facts}, oldest first
--   count         how many people are there, snapshot: user, facts, … of some of them; only when not recovered

begin()
if asked.topic == 'online' then
  flush()
end

local settling = 0
if now < tonumber(redis.call('HGET', key('life'), 'since')) + settings.leaseMs then
  for _, gateway in ipairs(asked.gateways) do
    local version = redis.call('HGET', key('versions'), gateway)
    if not version or string.sub(version, 1, 1) == '~' then
      settling = 1
    end
  end
end

local epoch, offset = head(asked.topic)
local recovered, publications = 0, {}
if asked.epoch == epoch and asked.offset == offset then
  recovered = 1
elseif asked.epoch == epoch and asked.offset < offset then
  local from = asked.offset + 1
  local found = redis.call('XRANGE', key('window', asked.topic), string.format('%.0f-0', from), '+', 'COUNT', asked.limit)
  for i, entry in ipairs(found) do
    publications[i] = {from + i - 1, entry[2][2], entry[2][4], entry[2][6], entry[2][8]}
  end
  -- Offsets have no holes, so when the first is there, the rest is.
  if found[1] and found[1][1] == string.format('%.0f-0', from) then
    recovered = 1
  else
    publications = {}
  end
end

local count, people = 0, {}
if recovered == 0 and asked.people > 0 then
  local shown = key('shown', asked.topic)
  count = redis.call('HLEN', shown)
  if asked.topic == 'online' then
    local users = redis.call('ZREVRANGE', key('online'), 0, asked.people - 1)
    -- In slices, as Lua passes some thousand arguments at most.
    for first = 1, #users, 1000 do
      local last = math.min(first + 999, #users)
      local facts = redis.call('HMGET', shown, unpack(users, first, last))
      for i = first, last do
        people[2 * i - 1] = users[i]
        people[2 * i] = facts[i - first + 1]
      end
    end
  elseif count <= asked.people then
    people = redis.call('HGETALL', shown)
  else
    people = redis.call('HRANDFIELD', shown, asked.people, 'WITHVALUES')
  end
end
return answer({settling, epoch, offset, recovered, publications, count, people})
