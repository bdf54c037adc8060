-- Tells the connections of one user.
--
-- asked: user.
-- result: <gateway> LF <connection>, since, …

return answer(redis.call('HGETALL', key('devices', asked.user)))
