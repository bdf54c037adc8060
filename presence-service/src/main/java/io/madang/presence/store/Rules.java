package io.madang.presence.store;

import java.time.Duration;

/**
 * The times and sizes that the scripts go by.
 *
 * @param lease how long a gateway lives without a sign
 * @param grace how long a user who left stays present
 * @param blind when nobody has swept for this long, everyone gets a new lease before anyone is missed
 * @param window publications kept of each topic
 * @param step connections, people or entries handled by one run of a sweep, so that Redis is never held long
 */
public record Rules(Duration lease, Duration grace, Duration blind, int window, int step) {}
