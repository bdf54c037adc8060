package io.madang.chat.sequencer;

import java.time.Duration;

/**
 * What one lane takes, and how it gathers.
 *
 * @param queue commands that may wait; one more fails at once as busy
 * @param group messages kept in one call of the store
 * @param rest a lane gathers messages after a call that kept some for as long as it took, but not longer than this, nor once a
 *     quarter of a group waits; zero: not at all
 * @param waitLimit how long a command may wait before it is not begun any more
 */
public record LaneLimits(int queue, int group, Duration rest, Duration waitLimit) {}
