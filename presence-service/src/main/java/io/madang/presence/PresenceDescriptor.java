package io.madang.presence;

import static io.madang.contracts.presence.PresenceNames.CONNECTIONS_TOPIC;
import static io.madang.contracts.presence.PresenceNames.DEVICES_PREFIX;
import static io.madang.contracts.presence.PresenceNames.GUARD_PREFIX;
import static io.madang.contracts.presence.PresenceNames.MAX_STATUS_TEXT;
import static io.madang.contracts.presence.PresenceNames.MAX_USER_ID;
import static io.madang.contracts.presence.PresenceNames.ONLINE_LIST;
import static io.madang.contracts.presence.PresenceNames.ONLINE_TOPIC;
import static io.madang.contracts.presence.PresenceNames.ONLINE_USERS;
import static io.madang.contracts.presence.PresenceNames.ROOM_TOPIC_PREFIX;
import static io.madang.contracts.presence.PresenceNames.SERVICE;
import static io.madang.contracts.presence.PresenceNames.SET_STATUS;
import static io.madang.contracts.presence.PresenceNames.USER_CONNECTIONS;
import static io.madang.contracts.presence.PresenceNames.WHO_AM_I;
import static io.madang.runtime.descriptor.CommandDescriptor.IdKind.REPEATABLE;

import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.Observes;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import java.util.List;

/** What presence-service says of itself to the doors. */
final class PresenceDescriptor {
  private static final int LONGEST_STATUS = 16;

  private PresenceDescriptor() {}

  static ServiceDescriptor make() {
    return new ServiceDescriptor(
            SERVICE,
            "1",
            List.of(
                TopicDescriptor.of(ROOM_TOPIC_PREFIX, History.WINDOW, Pressure.CONFLATE)
                    .guardedBy(GUARD_PREFIX),
                TopicDescriptor.of(ONLINE_TOPIC, History.WINDOW, Pressure.CONFLATE),
                TopicDescriptor.of(CONNECTIONS_TOPIC, History.NONE, Pressure.DROP),
                TopicDescriptor.of(DEVICES_PREFIX, History.NONE, Pressure.DROP)),
            List.of(
                CommandDescriptor.of(ONLINE_USERS, REPEATABLE),
                CommandDescriptor.of(ONLINE_LIST, REPEATABLE),
                CommandDescriptor.of(WHO_AM_I, REPEATABLE),
                CommandDescriptor.of(
                    USER_CONNECTIONS,
                    REPEATABLE,
                    Parameter.optional("userId", ParameterType.text(1, MAX_USER_ID))),
                CommandDescriptor.of(
                    SET_STATUS,
                    REPEATABLE,
                    Parameter.required("status", ParameterType.text(1, LONGEST_STATUS)),
                    Parameter.optional("text", ParameterType.text(0, MAX_STATUS_TEXT), "\"\""))),
            List.of(),
            List.of(new Observes.Connections(), new Observes.Subscriptions(GUARD_PREFIX)))
        .shownAt(PresenceHubs.all());
  }
}
