package io.madang.gateway.edge;

import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubCondition;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.descriptor.hub.HubValue;

/** What the {@link TestService} shows to clients that speak of hubs. */
final class TestHub {
  static final HubDescriptor SHOWN = HubDescriptor.of("test")
      .at("/testHub")
      .calling(
          HubMethod.command("Say", "say", "log", "text").answering(),
          HubMethod.command("Say", "say", "text").with("log", "\"lobby\""),
          HubMethod.command("Describe", "describe", "whole", "flag").answering(),
          HubMethod.command("Options", "describe", "options").answering(HubValue.member("options")),
          HubMethod.command("WhoAmI", "whoAmI")
              .answering(HubValue.object("user", HubValue.member("user"))
                  .and("name", HubValue.callerName())),
          HubMethod.command("Quietly", "whoAmI")
              .telling(CallerEvent.of("You", HubValue.member("user"), HubValue.connection()))
              .telling(CallerEvent.of("Never").when(HubCondition.empty("user"))),
          HubMethod.command("Later", "later"),
          HubMethod.command("Refuse", "refuse"),
          HubMethod.command("RefuseTold", "refuse")
              .tellingRefusal("not-today", CallerEvent.of("Error", HubValue.member("message"))),
          HubMethod.command("Explode", "explode"),
          HubMethod.command("Forbid", "forbid"),
          HubMethod.command("AskMe", "askBack", "target", "bytes", "withinMs").answering(),
          HubMethod.command("AskOther", "askBack", "target", "connection").answering(),
          HubMethod.command("Rule", "rule"),
          HubMethod.command("Join", "join", "log"),
          HubMethod.command("Return", "join", "log", "since")
              .telling(CallerEvent.of("Returned", HubValue.argument("log"))),
          HubMethod.command("Leave", "leave", "log"),
          HubMethod.command("JoinSecret", "join").with("log", "\"secret\""),
          HubMethod.command("Hear", "say", "log", "text").subscribing("log:{log}"),
          HubMethod.command("JoinMore", "join", "log").subscribing("log:more"),
          HubMethod.command("Large", "large").answering(),
          HubMethod.stream("Count", "count", "to"),
          HubMethod.stream("Idle", "idle"),
          HubMethod.upload("Measure", "measure")
              .answering(HubValue.member("bytes"))
              .tellingOfProgress(CallerEvent.of("Progress", HubValue.data())))
      .hearing(
          HubListener.of("log", "said", "Said", HubValue.topicId(), HubValue.member("text")),
          HubListener.of(
                  "log",
                  "said",
                  "Shouted",
                  HubValue.text("{}! ({})", HubValue.member("text"), HubValue.topicId()))
              .when(HubCondition.equal("text", "\"HEY\"")))
      .greeting(HubGreeting.subscribing("log:lobby", "log:of-{user}")
          .asking("whoAmI", CallerEvent.of("Welcome", HubValue.member("user"))));

  private TestHub() {}
}
