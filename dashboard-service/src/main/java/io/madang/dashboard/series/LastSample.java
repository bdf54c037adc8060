package io.madang.dashboard.series;

import io.madang.runtime.topic.StreamPosition;
import java.util.Optional;

/**
 * Where a metric stands.
 *
 * @param last its newest sample as JSON; absent before the first
 */
public record LastSample(StreamPosition position, Optional<String> last) {}
