-- What every script of presence shares: names of keys, the clock, lives, topics, and the steps that change who is present.
-- Its text stands before that of each script.
--
-- KEYS[1] is the tag that every key begins with; it holds a hash tag, so all keys share a slot.
-- ARGV[1] is a JSON object of settings: skewMs leaseMs graceMs blindMs topicIdleMs statusKeptMs window step fresh.
-- ARGV[2] is a JSON object of what this script is asked.
-- The answer is {result, whether someone's place in topic `online` waits to be settled (0 or 1), publications}.
--
-- <tag>:life              hash    run (Redis's run_id), since, calm (nobody lapses or departs before), swept: milliseconds
-- <tag>:versions          hash    gateway -> version of its set; "~…" while it is being told whole
-- <tag>:leases            zset    gateway -> when its lease ends
-- <tag>:lapsed            zset    gateway -> when it lapsed; its connections are being dropped
-- <tag>:connections:<gw>  hash    connection -> {user, since, open, rooms} as JSON
-- <tag>:user:<user>       hash    name, guest; there exactly while the user is connected or in the grace after it
-- <tag>:devices:<user>    hash    <gateway> LF <connection> -> since when
-- <tag>:rooms:<user>      set     rooms the user is in, in grace too
-- <tag>:room:<room>       hash    user -> how many connections; 0 while in grace
-- <tag>:departures        zset    "room" LF <room> LF <user>, "user" LF <user> -> when the grace ends
-- <tag>:status:<user>     hash    status, text; absent means online without text
-- <tag>:head:<topic>      hash    epoch, run, offset
-- <tag>:window:<topic>    stream  the newest publications; the id is the offset
-- <tag>:shown:<topic>     hash    user -> facts as its readers were told last
-- <tag>:online            zset    the users in shown:online -> since when
-- <tag>:dirty             set     users whose place in topic `online` may have changed

local settings = cjson.decode(ARGV[1])
local asked = cjson.decode(ARGV[2])
local published = {}
local dirty = 0

-- One clock for all nodes. Skew is 0 outside tests.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + settings.skewMs

-- Differs after each start and for each server, so a position from before a restart or promotion never fits.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')

local function key(...)
  return KEYS[1] .. ':' .. table.concat({...}, ':')
end

local function answer(result)
  return {result, dirty, published}
end

-- A new life: the data may be gone or a second old, so every gateway has to tell its set again before anyone is missed.
local function begin()
  if redis.call('HGET', key('life'), 'run') ~= run then
    redis.call('DEL', key('versions'))
    redis.call('HSET', key('life'), 'run', run, 'since', now, 'calm', now + settings.leaseMs, 'swept', now)
  end
end

-- Topics -----------------------------------------------------------------------------------------------------------

-- Epoch and offset of a topic; made when it has none from this run. Idle topics expire, their next life has a new epoch.
local function head(topic)
  local name = key('head', topic)
  local found = redis.call('HMGET', name, 'run', 'epoch', 'offset')
  if found[1] ~= run then
    found = {run, settings.fresh .. '.' .. string.sub(run, 1, 8), 0}
    redis.call('DEL', key('window', topic))
    redis.call('HSET', name, 'run', run, 'epoch', found[2], 'offset', 0)
  end
  redis.call('PEXPIRE', name, settings.topicIdleMs)
  redis.call('PEXPIRE', key('window', topic), settings.topicIdleMs)
  return found[2], tonumber(found[3])
end

local function publish(topic, event, user, facts)
  local epoch = head(topic)
  local offset = redis.call('HINCRBY', key('head', topic), 'offset', 1)
  redis.call('XADD', key('window', topic), 'MAXLEN', '=', settings.window, string.format('%.0f-0', offset),
    'time', now, 'event', event, 'user', user, 'facts', facts)
  redis.call('PEXPIRE', key('window', topic), settings.topicIdleMs)
  published[#published + 1] = {topic, epoch, offset, now, event, user, facts}
end

-- Brings what a topic's readers were told of a user to `facts` (nil: the user is not there), by at most one event.
local function show(topic, user, facts, arrived, changed, departed)
  local shown = redis.call('HGET', key('shown', topic), user) or nil
  if shown == facts then
    return
  end
  if not facts then
    redis.call('HDEL', key('shown', topic), user)
    publish(topic, departed, user, shown)
    return
  end
  redis.call('HSET', key('shown', topic), user, facts)
  publish(topic, shown and changed or arrived, user, facts)
end

-- People -----------------------------------------------------------------------------------------------------------

-- Name, guest, status, text of a user whom others may see, else nil.
local function visible(user)
  local who = redis.call('HMGET', key('user', user), 'name', 'guest')
  if not who[1] then
    return nil
  end
  local chosen = redis.call('HMGET', key('status', user), 'status', 'text')
  if chosen[1] == 'invisible' then
    return nil
  end
  return {who[1], who[2] == '1', chosen[1] or 'online', chosen[2] or ''}
end

local function settleRoom(room, user)
  local who = redis.call('HEXISTS', key('room', room), user) == 1 and visible(user) or nil
  show('presence:' .. room, user, who and cjson.encode(who), 'arrived', 'status', 'departed')
end

-- Topic `online` is settled a moment later and for many at once; see flush.
local function markOnline(user)
  redis.call('SADD', key('dirty'), user)
  dirty = 1
end

local function settleEverywhere(user)
  for _, room in ipairs(redis.call('SMEMBERS', key('rooms', user))) do
    settleRoom(room, user)
  end
  markOnline(user)
end

-- Settles topic `online` for `step` users at most; true when more wait.
local function flush()
  for _, user in ipairs(redis.call('SPOP', key('dirty'), settings.step)) do
    local who = visible(user)
    show('online', user, who and cjson.encode({who[1], who[2]}), 'online', 'online', 'offline')
    if who then
      redis.call('ZADD', key('online'), 'NX', now, user)
    else
      redis.call('ZREM', key('online'), user)
    end
  end
  return redis.call('EXISTS', key('dirty')) == 1
end

-- Connections ------------------------------------------------------------------------------------------------------

local function depart(entry, at)
  redis.call('ZADD', key('departures'), at + settings.graceMs, entry)
end

local function enterRoom(room, user)
  redis.call('HINCRBY', key('room', room), user, 1)
  redis.call('SADD', key('rooms', user), room)
  redis.call('ZREM', key('departures'), 'room\n' .. room .. '\n' .. user)
  settleRoom(room, user)
end

local function leaveRoom(room, user, at)
  if redis.call('HINCRBY', key('room', room), user, -1) <= 0 then
    redis.call('HSET', key('room', room), user, 0)
    depart('room\n' .. room .. '\n' .. user, at)
  end
end

-- Ends a connection; its user stays present for the grace that begins at `at`.
local function drop(gateway, connection, record, at)
  for _, room in ipairs(record.rooms) do
    leaveRoom(room, record.user, at)
  end
  redis.call('HDEL', key('connections', gateway), connection)
  redis.call('HDEL', key('devices', record.user), gateway .. '\n' .. connection)
  if redis.call('EXISTS', key('devices', record.user)) == 0 then
    depart('user\n' .. record.user, at)
  end
end

-- Makes the user known, or brings name and guest to what was told last.
local function meet(user, name, guest)
  local mark = guest and '1' or '0'
  local known = redis.call('HMGET', key('user', user), 'name', 'guest')
  if known[1] ~= name or known[2] ~= mark then
    redis.call('HSET', key('user', user), 'name', name, 'guest', mark)
    settleEverywhere(user)
  end
end

local function without(list, unwanted)
  local gone, kept = {}, {}
  for _, item in ipairs(unwanted) do
    gone[item] = true
  end
  for _, item in ipairs(list) do
    if not gone[item] then
      kept[#kept + 1] = item
    end
  end
  return kept
end

-- One change of one connection: {connection, gone} or {connection, user, name, guest, open, enters, leaves}.
-- Each says how things are, so applying it twice does no harm.
local function apply(gateway, change)
  local text = redis.call('HGET', key('connections', gateway), change.connection)
  local record = text and cjson.decode(text)
  if record and (change.gone or record.user ~= change.user) then
    drop(gateway, change.connection, record, now)
    record = nil
  end
  if change.gone or not (record or change.open or #change.enters > 0) then
    return
  end
  record = record or {user = change.user, since = now, open = false, rooms = {}}
  redis.call('HSET', key('devices', change.user), gateway .. '\n' .. change.connection, record.since)
  redis.call('ZREM', key('departures'), 'user\n' .. change.user)
  meet(change.user, change.name, change.guest)
  record.open = record.open or change.open
  for _, room in ipairs(without(change.enters, record.rooms)) do
    enterRoom(room, change.user)
    record.rooms[#record.rooms + 1] = room
  end
  local kept = without(record.rooms, change.leaves)
  for _, room in ipairs(without(record.rooms, kept)) do
    leaveRoom(room, change.user, now)
  end
  record.rooms = kept
  if not record.open and #record.rooms == 0 then
    drop(gateway, change.connection, record, now)
    return
  end
  redis.call('HSET', key('connections', gateway), change.connection, cjson.encode(record))
end

local function renew(gateway)
  redis.call('ZADD', key('leases'), now + settings.leaseMs, gateway)
end

-- From `at` on the gateway counts as gone: it has to tell everything again, and its connections are dropped by the sweep.
local function lapse(gateway, at)
  redis.call('ZREM', key('leases'), gateway)
  redis.call('HDEL', key('versions'), gateway)
  redis.call('ZADD', key('lapsed'), at, gateway)
end
