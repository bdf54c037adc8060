package io.madang.runtime.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.DescriptorJson;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import io.madang.runtime.descriptor.UploadDescriptor;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubCondition;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.descriptor.hub.HubValue;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubsTest {
  private static final ParameterType TEXT = ParameterType.text(0, 100);

  private static ServiceDescriptor service(String name, String prefix, HubDescriptor... hubs) {
    return new ServiceDescriptor(
            name,
            "1",
            List.of(TopicDescriptor.of(prefix, History.NONE, Pressure.DROP)),
            List.of(
                CommandDescriptor.of(
                    "say",
                    IdKind.REPEATABLE,
                    Parameter.required("text", TEXT),
                    Parameter.optional("room", TEXT)),
                CommandDescriptor.of("secret", IdKind.REPEATABLE).forServices()),
            List.of(StreamDescriptor.of("watch", Parameter.required("what", TEXT))),
            List.of())
        .taking(UploadDescriptor.of("put", 10, 100, Parameter.required("name", TEXT)))
        .shownAt(hubs);
  }

  @Nested
  class A_hub {
    @Test
    void is_found_by_its_name_and_its_own_paths_without_case_and_with_a_slash_behind() {
      Hubs hubs =
          Hubs.NONE.with(List.of(service("a", "a", HubDescriptor.of("chat").at("/chatHub"))));

      assertThat(List.of("/hubs/chat", "/hubs/chat/", "/Hubs/Chat", "/chatHub", "/chathub/"))
          .allSatisfy(path -> assertThat(hubs.at(path)).map(Hub::name).contains("chat"));
      assertThat(hubs.at("/hubs/other")).isEmpty();
      assertThat(hubs.at("/")).isEmpty();
    }

    @Test
    void is_what_all_services_show_of_it() {
      Hubs hubs = Hubs.NONE.with(List.of(
          service(
              "a",
              "a",
              HubDescriptor.of("chat")
                  .calling(HubMethod.command("Say", "say", "text"))
                  .hearing(HubListener.of("a", "said", "Said", HubValue.data()))
                  .greeting(HubGreeting.subscribing("a:lobby"))),
          service(
              "b",
              "b",
              HubDescriptor.of("chat")
                  .at("/b")
                  .calling(HubMethod.stream("Watch", "watch", "what")))));

      Hub hub = hubs.at("/b").orElseThrow();
      assertThat(hub.methods("say"))
          .singleElement()
          .extracting(Hub.Method::service)
          .isEqualTo("a");
      assertThat(hub.methods("WATCH"))
          .singleElement()
          .extracting(Hub.Method::service)
          .isEqualTo("b");
      assertThat(hub.listeners()).hasSize(1);
      assertThat(hub.greetings())
          .singleElement()
          .extracting(Hub.Greeting::service)
          .isEqualTo("a");
    }

    @Test
    void stays_the_same_object_while_it_does_not_change() {
      List<ServiceDescriptor> services = List.of(service("a", "a", HubDescriptor.of("chat")));
      Hubs first = Hubs.NONE.with(services);

      assertThat(first.with(services).at("/hubs/chat").orElseThrow())
          .isSameAs(first.at("/hubs/chat").orElseThrow());
    }

    @Test
    void has_one_method_for_each_signature() {
      HubMethod both = HubMethod.command("Say", "say", "text", "room");

      assertThatThrownBy(() -> Hubs.NONE.with(List.of(
              service("a", "a", HubDescriptor.of("chat").calling(both)),
              service(
                  "b",
                  "b",
                  HubDescriptor.of("chat").calling(HubMethod.command("say", "say", "text"))))))
          .isInstanceOf(Hubs.TwiceClaimedException.class)
          .hasMessageContaining("say");
    }

    @Test
    void has_its_paths_alone() {
      assertThatThrownBy(() -> Hubs.NONE.with(List.of(
              service("a", "a", HubDescriptor.of("chat").at("/hubs/other")),
              service("b", "b", HubDescriptor.of("other")))))
          .isInstanceOf(Hubs.TwiceClaimedException.class);
    }
  }

  @Nested
  class What_a_service_shows {
    private void isRefused(HubDescriptor hub, String why) {
      assertThatThrownBy(() -> service("a", "a", hub))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(why);
    }

    @Test
    void asks_only_what_people_can_ask() {
      isRefused(HubDescriptor.of("h").calling(HubMethod.command("X", "nothing")), "cannot ask");
      isRefused(HubDescriptor.of("h").calling(HubMethod.command("X", "secret")), "cannot ask");
      isRefused(HubDescriptor.of("h").calling(HubMethod.stream("X", "say", "text")), "cannot ask");
      isRefused(HubDescriptor.of("h").greeting(HubGreeting.NONE.asking("secret")), "cannot ask");
    }

    @Test
    void gives_the_parameters_that_there_are_and_all_that_are_required() {
      isRefused(HubDescriptor.of("h").calling(HubMethod.command("X", "say")), "does not give text");
      isRefused(
          HubDescriptor.of("h").calling(HubMethod.command("X", "say", "text", "size")),
          "no parameter size");
      service(
          "a",
          "a",
          HubDescriptor.of("h").calling(HubMethod.command("X", "say").with("text", "\"hi\"")));
    }

    @Test
    void hears_of_its_own_topics_and_not_who_hears_it() {
      isRefused(HubDescriptor.of("h").hearing(HubListener.of("b", "e", "E")), "not the service's");
      assertThatThrownBy(() -> HubListener.of("a", "e", "E", HubValue.callerId()))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void is_the_same_after_its_json() {
      ServiceDescriptor descriptor = service(
          "a",
          "a",
          HubDescriptor.of("chat")
              .at("/chatHub")
              .calling(
                  HubMethod.command("Say", "say", "text")
                      .with("room", "\"lobby\"")
                      .answering(HubValue.object("id", HubValue.member("a.b"))
                          .and("at", HubValue.time())
                          .and("by", HubValue.argument("text")))
                      .telling(CallerEvent.of("Done", HubValue.callerName(), HubValue.connection())
                          .when(HubCondition.notEmpty("list")))
                      .tellingRefusal(
                          "not-a-member", CallerEvent.of("Error", HubValue.member("message")))
                      .tellingRefusals(
                          CallerEvent.of("Error", HubValue.constant("{\"a\":[1,null]}")))
                      .subscribing("a:{text}")
                      .unsubscribing("a:{user}"),
                  HubMethod.stream("Watch", "watch", "what"),
                  HubMethod.upload("Put", "put", "name")
                      .tellingOfProgress(CallerEvent.of("Progress", HubValue.data())))
              .hearing(HubListener.of(
                      "a",
                      "said",
                      "Said",
                      HubValue.text(
                          "{} joined {}", HubValue.member("user.name"), HubValue.topicId()),
                      HubValue.each(
                          "items", HubValue.firstOf(HubValue.member("x"), HubValue.data())))
                  .when(HubCondition.equal("kind", "\"public\"")))
              .greeting(HubGreeting.subscribing("a:lobby", "a:{user}")
                  .asking("say", CallerEvent.of("Hi", HubValue.data()))));

      assertThat(DescriptorJson.fromPayload(DescriptorJson.toPayload(descriptor)))
          .isEqualTo(descriptor);
    }
  }
}
