-- Tells the names of those users who are known and chose to be seen.
--
-- asked: users.
-- result: user, name, 1 for a guest or 0, …

local seen = {}
for _, user in ipairs(asked.users) do
  local who = visible(user)
  if who then
    seen[#seen + 1] = user
    seen[#seen + 1] = who[1]
    seen[#seen + 1] = who[2] and 1 or 0
  end
end
return answer(seen)
