package io.madang.presence;

import static io.madang.runtime.descriptor.hub.HubValue.constant;
import static io.madang.runtime.descriptor.hub.HubValue.data;
import static io.madang.runtime.descriptor.hub.HubValue.member;
import static io.madang.runtime.descriptor.hub.HubValue.text;
import static io.madang.runtime.descriptor.hub.HubValue.time;

import io.madang.contracts.presence.PresenceNames;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubCondition;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.descriptor.hub.HubValue;

/**
 * What presence-service adds to hubs; docs/SIGNALR.md has the same as a table. A publication of a connection leaves that connection
 * out, as it may come before the connection hears the topic or after; what a connection hears of itself is its greeting.
 */
final class PresenceHubs {
  private static final String CONNECTED = "connected";
  private static final String RECEIVE_MESSAGE = "ReceiveMessage";
  private static final HubValue SYSTEM = constant("\"SYSTEM\"");
  private static final HubValue NAME = member("user.name");
  private static final HubValue CONNECTION = member("connection");

  /** Who asks without a connection has none that could be told. */
  private static final HubCondition HAS_CONNECTION = HubCondition.notEmpty("connection");

  private PresenceHubs() {}

  static HubDescriptor[] all() {
    return new HubDescriptor[] {chat(), typedChat(), secure()};
  }

  private static HubDescriptor chat() {
    String topic = PresenceNames.CONNECTIONS_TOPIC;
    HubValue joined = text("{} joined", NAME);
    return HubDescriptor.of("chat")
        .calling(HubMethod.command("OnlineUsers", PresenceNames.ONLINE_USERS).answering())
        .hearing(
            HubListener.of(topic, CONNECTED, "UserConnected", CONNECTION),
            HubListener.of(topic, CONNECTED, RECEIVE_MESSAGE, SYSTEM, joined, time()),
            HubListener.of(topic, "disconnected", "UserDisconnected", CONNECTION),
            HubListener.of(
                topic, "disconnected", RECEIVE_MESSAGE, SYSTEM, text("{} left", NAME), time()))
        .greeting(HubGreeting.subscribing(topic)
            .asking(
                PresenceNames.WHO_AM_I,
                CallerEvent.of("UserConnected", CONNECTION).when(HAS_CONNECTION),
                CallerEvent.of(RECEIVE_MESSAGE, SYSTEM, joined, time())));
  }

  private static HubDescriptor typedChat() {
    return HubDescriptor.of("typedchat")
        .greeting(HubGreeting.subscribing()
            .asking(PresenceNames.ONLINE_LIST, CallerEvent.of("UpdateUserList", data())));
  }

  private static HubDescriptor secure() {
    String topics = PresenceNames.DEVICES_PREFIX;
    return HubDescriptor.of("secure")
        .hearing(HubListener.of(topics, CONNECTED, "DeviceConnected", CONNECTION))
        .greeting(HubGreeting.subscribing(topics + ":{user}")
            .asking(
                PresenceNames.WHO_AM_I,
                CallerEvent.of("DeviceConnected", CONNECTION).when(HAS_CONNECTION)));
  }
}
