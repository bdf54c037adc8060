package io.madang.dashboard.series;

import io.madang.runtime.topic.StreamPosition;
import java.util.Optional;

/**
 * Where the topic {@code dashboard} stands.
 *
 * @param last its last event as JSON, or the values of the last second where those were asked for; absent before the first
 */
public record DashboardHead(StreamPosition position, Optional<String> last) {}
