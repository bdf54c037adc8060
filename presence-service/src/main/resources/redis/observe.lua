-- Takes over changes of one gateway's connections when they build on what is known of it.
--
-- asked: gateway, expected (the version they build on), next (the version with them), changes.
-- result: 1 when taken over, 0 when the gateway must tell everything. No changes renew the lease only.

begin()
if redis.call('HGET', key('versions'), asked.gateway) ~= asked.expected then
  return answer(0)
end
for _, change in ipairs(asked.changes) do
  apply(asked.gateway, change)
end
redis.call('HSET', key('versions'), asked.gateway, asked.next)
renew(asked.gateway)
return answer(1)
