-- Settles topic `online` for users whose connections or status changed a moment ago; who came and went again stays unsaid.
--
-- asked: nothing. Handles `step` users.
-- result: 1 when more wait, else 0.

begin()
return answer(flush() and 1 or 0)
